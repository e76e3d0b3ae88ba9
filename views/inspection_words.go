package views

import (
	"context"

	"pasokh/app/inspection"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

func inspectionsLead(ctx context.Context, m *Inspections) string {
	if m.Whole {
		return messages.T(ctx, "inspection.lead")
	}
	return messages.T(ctx, "inspection.lead_unit")
}

// sectionIcon stands for a heading of a checklist.
func sectionIcon(s inspection.Section) string {
	return map[inspection.Section]string{"satisfaction": "thumbs-up", "conduct": "user-check", "premises": "building-2", "boards": "megaphone", "records": "files"}[s]
}

// sectionResult is the percentage of one heading.
func sectionResult(ctx context.Context, list []inspection.Item) string {
	if percent, ok := inspection.Score(list); ok {
		return messages.Percent(ctx, percent)
	}
	return ""
}

func checklistHref(c *inspection.Checklist) string {
	if c.ID == 0 {
		return "/desk/inspections/checklists/new"
	}
	return "/desk/inspections/checklists/" + itoa(c.ID)
}

func checklistLook(ctx context.Context, c *inspection.Checklist) parts.BadgeOpts {
	switch {
	case c.ID == 0:
		return parts.BadgeOpts{Label: messages.T(ctx, "inspection.checklist_standard"), Tone: parts.Info}
	case c.Active:
		return parts.BadgeOpts{Label: messages.T(ctx, "inspection.checklist_on"), Tone: parts.Success}
	}
	return parts.BadgeOpts{Label: messages.T(ctx, "inspection.checklist_off")}
}
