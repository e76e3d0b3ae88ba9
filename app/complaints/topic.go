package complaints

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// PlaceFields lists the fields of a place that a topic may ask for.
func PlaceFields() []string {
	return []string{"address", "postal_code", "line", "station", "subscription"}
}

// codeShape is how the organization's own lists name their rows to other systems.
var codeShape = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// AllTopics lists the topics, also those no longer offered, each below its group.
func AllTopics(ctx context.Context, r tenants.Reader) ([]tenants.Topic, error) {
	var list []tenants.Topic
	err := r.Select(&list).Order("topic.position", "topic.id").Scan(ctx)
	return TopicTree(list), tenants.Err(err)
}

// TopicTree puts topics below their group and keeps the order of siblings.
func TopicTree(list []tenants.Topic) []tenants.Topic {
	tree := make([]tenants.Topic, 0, len(list))
	known := map[int64]bool{}
	for i := range list {
		known[list[i].ID] = true
	}
	for _, t := range list {
		if t.ParentID != nil && known[*t.ParentID] {
			continue
		}
		tree = append(tree, t)
		for _, child := range list {
			if child.ParentID != nil && *child.ParentID == t.ID {
				tree = append(tree, child)
			}
		}
	}
	return tree
}

// Leaves leaves out the groups: what remains takes cases, in the order of the
// tree. names gives each one's group, nil for one that stands alone.
func Leaves(list []tenants.Topic) (leaves []tenants.Topic, group map[int64]*tenants.Topic) {
	holds := map[int64]*tenants.Topic{}
	byID := map[int64]*tenants.Topic{}
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	for i := range list {
		if p := list[i].ParentID; p != nil && byID[*p] != nil {
			holds[*p] = byID[*p]
		}
	}
	group = map[int64]*tenants.Topic{}
	for _, t := range TopicTree(list) {
		if holds[t.ID] != nil {
			continue
		}
		leaves = append(leaves, t)
		if t.ParentID != nil {
			group[t.ID] = byID[*t.ParentID]
		}
	}
	return leaves, group
}

// IsGroup tells whether the topic holds others; such a one takes no cases.
func IsGroup(ctx context.Context, r tenants.Reader, id int64) (bool, error) {
	n, err := r.Select((*tenants.Topic)(nil)).Where("topic.parent_id = ? AND topic.active", id).Count(ctx)
	return n > 0, tenants.Err(err)
}

// SaveTopic writes a topic: a new one when it has no ID, which then goes to the
// end of the list, else a change of all but code and place in the order.
func SaveTopic(ctx context.Context, tx *tenants.Tx, t *tenants.Topic) error {
	old := new(tenants.Topic)
	if t.ID != 0 {
		if err := tx.Lock(ctx, old, "topic.id = ?", t.ID); err != nil {
			return err
		}
		t.Code, t.Position = old.Code, old.Position
	}
	tidyTopic(t)
	if err := checkTopic(ctx, tx, t); err != nil {
		return err
	}
	if t.ID != 0 {
		if err := tx.Update(ctx, t); err != nil {
			return fault.Wrap(err, "complaints.SaveTopic")
		}
		return audit.Record(ctx, tx, "organization:edit", "topic", t.ID, t.Code)
	}
	t.ID, t.Position = tenants.NewID(), 0
	if err := tx.Select((*tenants.Topic)(nil)).ColumnExpr("coalesce(max(topic.position), 0) + 1").Scan(ctx, &t.Position); err != nil {
		return fault.Wrap(err, "complaints.SaveTopic")
	}
	if err := tx.Insert(ctx, t); err != nil {
		return taken(err, "complaints.SaveTopic")
	}
	return audit.Record(ctx, tx, "organization:edit", "topic", t.ID, "new "+t.Code)
}

func tidyTopic(t *tenants.Topic) {
	t.Code = strings.ToLower(persian.ToASCII(persian.CleanLine(t.Code)))
	t.NameFA, t.NameEN = persian.CleanLine(t.NameFA), persian.CleanLine(t.NameEN)
	t.HintFA, t.HintEN = persian.CleanLine(t.HintFA), persian.CleanLine(t.HintEN)
	fields := []string{}
	for _, f := range PlaceFields() {
		if slices.Contains(t.PlaceFields, f) {
			fields = append(fields, f)
		}
	}
	t.PlaceFields = fields
}

func checkTopic(ctx context.Context, r tenants.Reader, t *tenants.Topic) error {
	wrong := fault.Fields{}
	checkNames(wrong, t.Code, t.NameFA, t.NameEN)
	for field, text := range map[string]string{"hint_fa": t.HintFA, "hint_en": t.HintEN} {
		if utf8.RuneCountInString(text) > maxHint {
			wrong.Add(field, "intake.error.too_long")
		}
	}
	class, err := tenants.SLAClassByID(ctx, r, t.SLAClassID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || !class.Current {
		wrong.Add("class", "intake.error.class")
	}
	if err := checkUnit(ctx, r, t.UnitID, wrong); err != nil {
		return err
	}
	if err := checkGroup(ctx, r, t, wrong); err != nil {
		return err
	}
	return wrong.Err()
}

// checkNames judges the code and names of a row of the organization's lists.
func checkNames(wrong fault.Fields, code, fa, en string) {
	if !codeShape.MatchString(code) {
		wrong.Add("code", "intake.error.code")
	}
	if fa == "" {
		wrong.Add("name_fa", "intake.error.name_missing")
	}
	if en == "" {
		wrong.Add("name_en", "intake.error.name_missing")
	}
	for field, text := range map[string]string{"name_fa": fa, "name_en": en} {
		if utf8.RuneCountInString(text) > maxLabel {
			wrong.Add(field, "intake.error.too_long")
		}
	}
}

// CheckNames finds what is wrong with the code and the names of a row of the
// organization's lists.
func CheckNames(wrong fault.Fields, code, fa, en string) { checkNames(wrong, code, fa, en) }

// checkUnit wants a unit that takes referrals, or none.
func checkUnit(ctx context.Context, r tenants.Reader, id *int64, wrong fault.Fields) error {
	if id == nil {
		return nil
	}
	unit, err := tenants.UnitByID(ctx, r, *id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || !unit.Active || unit.Kind != tenants.UnitExecutive {
		wrong.Add("unit", "intake.error.unit")
	}
	return nil
}

// checkGroup keeps topics at two levels, and a group offered as long as it
// holds something that is.
func checkGroup(ctx context.Context, r tenants.Reader, t *tenants.Topic, wrong fault.Fields) error {
	holds := false
	if t.ID != 0 {
		var err error
		if holds, err = IsGroup(ctx, r, t.ID); err != nil {
			return err
		}
	}
	if holds && !t.Active {
		wrong.Add("active", "intake.error.group_full")
	}
	if t.ParentID == nil {
		return nil
	}
	parent, err := tenants.TopicByID(ctx, r, *t.ParentID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	switch {
	case err != nil || parent.ParentID != nil || parent.ID == t.ID:
		wrong.Add("parent", "intake.error.parent")
	case t.Active && !parent.Active:
		wrong.Add("parent", "intake.error.parent_inactive")
	case holds:
		wrong.Add("parent", "intake.error.parent_levels")
	}
	return nil
}

// taken explains a refused insert: the code stands already.
func taken(err error, place string) error {
	if fault.Is(err, fault.Conflict) {
		return fault.Field("code", "intake.error.code_taken")
	}
	return fault.Wrap(err, place)
}

// MoveTopic moves a topic one place up or down among its siblings; at the end
// of the list nothing changes.
func MoveTopic(ctx context.Context, tx *tenants.Tx, id int64, down bool) error {
	if err := tx.Lock(ctx, new(tenants.Topic), "topic.id = ?", id); err != nil {
		return err
	}
	list, err := AllTopics(ctx, tx)
	if err != nil {
		return err
	}
	swap(list, id, down, func(t *tenants.Topic) (int64, *int64) { return t.ID, t.ParentID })
	for i := range list {
		if list[i].Position == i {
			continue
		}
		list[i].Position = i
		if err := tx.Update(ctx, &list[i], "position"); err != nil {
			return fault.Wrap(err, "complaints.MoveTopic")
		}
	}
	return audit.Record(ctx, tx, "organization:edit", "topic", id, "moved")
}

// swap exchanges the row with its neighbour among those of the same parent; of
// says a row's id and parent.
func swap[T any](list []T, id int64, down bool, of func(*T) (int64, *int64)) {
	at := slices.IndexFunc(list, func(row T) bool { own, _ := of(&row); return own == id })
	if at < 0 {
		return
	}
	_, parent := of(&list[at])
	step := -1
	if down {
		step = 1
	}
	for i := at + step; i >= 0 && i < len(list); i += step {
		if _, other := of(&list[i]); same(parent, other) {
			list[at], list[i] = list[i], list[at]
			return
		}
	}
}

func same(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
