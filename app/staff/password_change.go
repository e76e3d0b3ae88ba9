package staff

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// KindPasswordChanged is the outbox kind of telling somebody that the password
// was changed; its payload is About.
const KindPasswordChanged = "staff.password_changed"

// About is the payload of facts about one member of the staff.
type About struct {
	StaffID int64 `json:"staff_id"`
}

// ChangePassword replaces the actor's own password and ends the other sessions;
// token is the session that goes on. Field errors: current, password. It takes
// the DB because hashes are not computed while a transaction holds the database.
// Limiting the tries is the web's.
func ChangePassword(ctx context.Context, db *tenants.DB, h Hasher, actor tenants.Actor, token, current, fresh string) error {
	s := new(Staff)
	err := db.Select(s).Where("staff.id = ?", actor.ID).Scan(ctx)
	db.Release()
	if err != nil {
		return fault.Wrap(tenants.Err(err), "staff.ChangePassword")
	}
	if !h.Matches(s.PasswordHash, current) {
		return fault.Field("current", "password.error.current")
	}
	if current == fresh {
		return fault.Field("password", "password.error.same")
	}
	if err := s.accept(db.Tenant(), fresh); err != nil {
		return err
	}
	before, hash := s.PasswordHash, h.Hash(fresh)
	return db.Write(ctx, actor, func(tx *tenants.Tx) error {
		if err := tx.Lock(ctx, s, "staff.id = ?", actor.ID); err != nil {
			return fault.Wrap(err, "staff.ChangePassword")
		}
		if s.PasswordHash != before { // changed elsewhere in between
			return fault.Field("current", "password.error.current")
		}
		return s.setPassword(ctx, tx, hash, token, "staff:password")
	})
}

// ChoosePassword takes a link up: the password of its owner is set, all sessions
// end. NotFound "staff.link_over"; field error: password.
func ChoosePassword(ctx context.Context, db *tenants.DB, h Hasher, why Purpose, word, fresh string) (*Staff, error) {
	pass, s, err := PassOf(ctx, db, why, word)
	if err != nil {
		return nil, err
	}
	db.Release()
	if err := s.accept(db.Tenant(), fresh); err != nil {
		return nil, err
	}
	hash := h.Hash(fresh)
	actor := tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA}
	return s, db.Write(ctx, actor, func(tx *tenants.Tx) error {
		if err := useUp(ctx, tx, pass.ID); err != nil {
			return err
		}
		locked, err := lockActive(ctx, tx, s.ID)
		if fault.Is(err, fault.Conflict) {
			return errOver()
		}
		if err != nil {
			return err
		}
		return locked.setPassword(ctx, tx, hash, "", "staff:password_"+string(why))
	})
}

// setPassword writes the hash, ends every session but that of the token, and
// has the person told unless it is the first password.
func (s *Staff) setPassword(ctx context.Context, tx *tenants.Tx, hash, token, act string) error {
	first, now := s.PasswordHash == "", tx.Now()
	s.PasswordHash, s.PasswordAt = hash, &now
	if err := tx.Update(ctx, s, "password_hash", "password_at"); err != nil {
		return fault.Wrap(err, "staff.setPassword")
	}
	if err := endSessions(ctx, tx, s.ID, token); err != nil {
		return err
	}
	if err := endPasses(ctx, tx, s.ID); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, act, "staff", s.ID, ""); err != nil || first {
		return err
	}
	return tx.Enqueue(ctx, KindPasswordChanged, About{s.ID})
}

// endSessions ends the sessions of an account, but not that of the token.
func endSessions(ctx context.Context, tx *tenants.Tx, id int64, token string) error {
	_, err := tx.Delete(ctx, (*tenants.Session)(nil), "staff_id = ? AND id <> ?", id, tenants.HashToken(token))
	return fault.Wrap(err, "staff.endSessions")
}
