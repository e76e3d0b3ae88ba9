package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// What stands beside cases and meetings and speaks of a person all the same: what
// they said of directives, why a case was taken over, what a violation that has been
// decided tells of it.

// The rows of other rooms.
type (
	surveyOf struct {
		tenants.BaseModel `bun:"table:directive_surveys,alias:survey"`
		tenants.Owned
		DirectiveID int64 `bun:",pk"`
	}
	takeoverOf struct {
		tenants.BaseModel `bun:"table:takeovers,alias:takeover"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	violationOf struct {
		tenants.BaseModel `bun:"table:violations,alias:violation"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
)

// redactionOf is a published copy of a scan.
type redactionOf struct {
	tenants.BaseModel `bun:"table:scan_redactions,alias:redaction"`
	tenants.Owned
	DirectiveID int64
}

// scrubBeside blanks what stands beside cases.
func scrubBeside(ctx context.Context, tx *tenants.Tx, cases []int64) error {
	_, err := tx.Set(ctx, (*takeoverOf)(nil), "reason = ?, ending_note = ''", []any{Gone()}, "complaint_id IN (?)", tenants.In(cases))
	if err == nil {
		_, err = tx.Set(ctx, (*violationOf)(nil), "text = ?, hearing = CASE WHEN hearing = '' THEN '' ELSE ? END", []any{Gone(), Gone()},
			"complaint_id IN (?) AND state = 'decided'", tenants.In(cases))
	}
	return fault.Wrap(err, "citizens.scrubBeside")
}

// scrubDirectives blanks what citizens said of the directives that came of cases or
// meetings which are marked as purged.
func scrubDirectives(ctx context.Context, tx *tenants.Tx, kind string, ids []int64) error {
	list, err := idsOf(ctx, tx.Select((*directiveOf)(nil)).ColumnExpr("directive.id").Where("directive.origin_kind = ? AND directive.origin_id IN (?)", kind, tenants.In(ids)))
	if err != nil {
		return fault.Wrap(err, "citizens.scrubDirectives")
	}
	return scrubWords(ctx, tx, list)
}

// scrubWords blanks the words of citizens about directives. Their events may be
// blanked once the origin is purged or the person erased, and not before.
func scrubWords(ctx context.Context, tx *tenants.Tx, directives []int64) error {
	if len(directives) == 0 {
		return nil
	}
	_, err := tx.Set(ctx, (*surveyOf)(nil), "text = ''", nil, "directive_id IN (?)", tenants.In(directives))
	if err == nil {
		_, err = tx.Set(ctx, (*eventOf)(nil), "text = '', actor_name = ''", nil,
			"subject_kind = 'directive' AND subject_id IN (?) AND actor_kind = 'citizen'", tenants.In(directives))
	}
	return fault.Wrap(err, "citizens.scrubWords")
}

// forgetDirectives blanks what a person, who is erased by now, said of directives,
// and removes the scans of those that were issued about them, but for those of which
// a copy was published.
func forgetDirectives(ctx context.Context, tx *tenants.Tx, id int64) error {
	list, err := idsOf(ctx, tx.Select((*directiveOf)(nil)).ColumnExpr("directive.id").Where("directive.citizen_id = ?", id))
	if err != nil || len(list) == 0 {
		return err
	}
	if err := scrubWords(ctx, tx, list); err != nil {
		return err
	}
	// A scan that was published with names blacked out is proven by a line that stays.
	bare, err := idsOf(ctx, tx.Select((*directiveOf)(nil)).ColumnExpr("directive.id").Where("directive.id IN (?)", tenants.In(list)).
		Where("NOT EXISTS (SELECT 1 FROM ? WHERE redaction.directive_id = directive.id)", tx.From((*redactionOf)(nil))))
	if err != nil || len(bare) == 0 {
		return err
	}
	list = bare
	if _, err := tx.Set(ctx, (*directiveOf)(nil), "scan_id = NULL", nil, "id IN (?)", tenants.In(list)); err != nil {
		return err
	}
	return removeFiles(ctx, tx, "directive", list)
}

// removeFiles removes the files of subjects; a copy refers to its original.
func removeFiles(ctx context.Context, tx *tenants.Tx, kind string, ids []int64) error {
	for _, copies := range []string{"original_id IS NOT NULL", "original_id IS NULL"} {
		if _, err := tx.Delete(ctx, (*fileOf)(nil), "subject_kind = ? AND subject_id IN (?) AND "+copies, kind, tenants.In(ids)); err != nil {
			return fault.Wrap(err, "citizens.removeFiles")
		}
	}
	return nil
}

// ScrubWaits blanks what was written into lines for a meeting. The caller has locked
// them and judged that they may go.
func ScrubWaits(ctx context.Context, tx *tenants.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Set(ctx, (*waitOf)(nil), "subject = ?, text = '', answers = '[]', party_name = '', party_id = ''", []any{Gone()}, "id IN (?)", tenants.In(ids))
	return fault.Wrap(err, "citizens.ScrubWaits")
}
