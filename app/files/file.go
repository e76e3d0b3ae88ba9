// Package files holds what citizens and staff attach: one row per file, its
// bytes in a store outside the web's reach, and the rules of what is taken in.
package files

import (
	"context"
	"strings"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Subject names what files belong to.
type Subject struct {
	Kind string // draft, complaint, meeting, directive
	ID   int64
}

// KindDraft is the subject kind of files in a form that is not submitted yet.
const KindDraft = "draft"

// File is one stored file. Whoever serves it reads the row by id, judges the
// reader's right to its subject, and streams Store.Open as an attachment with
// nosniff and a sandboxing policy; a path is never taken from a request.
type File struct {
	tenants.BaseModel `bun:"table:files,alias:file"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	SubjectKind string
	SubjectID   int64
	EventID     *int64 // the timeline event that brought the file
	Name        string // cleaned, with the extension of MediaType
	MediaType   string
	Size        int64  // bytes stored
	SHA256      string `bun:"sha256"` // of the bytes stored, in hex
	Blob        string // key in the store
	OriginalID  *int64 // this is the stripped copy of that file
	Public      bool   // the citizen may see it
	Held        bool   // a draft of something that came in, which no form holds
	CreatedAt   time.Time
}

// Subject is what the file belongs to.
func (f *File) Subject() Subject { return Subject{f.SubjectKind, f.SubjectID} }

// IsImage tells whether a browser can show the file as a picture.
func (f *File) IsImage() bool { return strings.HasPrefix(f.MediaType, "image/") }

// Sound tells whether it is something to listen to.
func (f *File) Sound() bool { return strings.HasPrefix(f.MediaType, "audio/") }

// Digest is the SHA-256 of a received file's content, in hex.
func (r *Received) Digest() string { return r.main.sha256 }

// Place says where a received file goes.
type Place struct {
	Subject Subject
	EventID *int64
	Public  bool // the citizen may see it
	Held    bool // see File.Held
	Limit   int  // files at this subject and event at most; 0 is no limit
}

// Save writes the rows of a received file and returns the main one: the
// original when it was kept, which is then never public, its stripped copy
// being the public one. The caller has locked the subject (or, for a draft,
// the draft), so that parallel uploads cannot pass the limit.
func Save(ctx context.Context, tx *tenants.Tx, got *Received, to Place) (*File, error) {
	if err := checkLimit(ctx, tx, to); err != nil {
		return nil, err
	}
	if err := room(ctx, tx, got); err != nil {
		return nil, err
	}
	main := got.main.row(tx, to)
	if got.copy != nil {
		main.Public = false
	}
	if err := tx.Insert(ctx, main); err != nil {
		return nil, fault.Wrap(err, "files.Save")
	}
	if got.copy == nil {
		return main, nil
	}
	stripped := got.copy.row(tx, to)
	stripped.OriginalID = &main.ID
	return main, fault.Wrap(tx.Insert(ctx, stripped), "files.Save")
}

// room refuses a file for which the organization has no room left.
func room(ctx context.Context, tx *tenants.Tx, got *Received) error {
	size := got.main.size
	if got.copy != nil {
		size += got.copy.size
	}
	if err := tx.RoomFor(ctx, size); err != nil {
		if fault.Is(err, fault.Invalid) {
			return fault.Field(Field, "quota.storage_full")
		}
		return err
	}
	return nil
}

func checkLimit(ctx context.Context, r tenants.Reader, to Place) error {
	if to.Limit == 0 {
		return nil
	}
	q := r.Select((*File)(nil)).Where("file.original_id IS NULL").
		Where("file.subject_kind = ? AND file.subject_id = ?", to.Subject.Kind, to.Subject.ID)
	if to.EventID == nil {
		q = q.Where("file.event_id IS NULL")
	} else {
		q = q.Where("file.event_id = ?", *to.EventID)
	}
	n, err := q.Count(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "files.Save")
	}
	if int(n) >= to.Limit {
		return fault.Field(Field, "file.many")
	}
	return nil
}

func (p *part) row(tx *tenants.Tx, to Place) *File {
	return &File{
		ID: tenants.NewID(), SubjectKind: to.Subject.Kind, SubjectID: to.Subject.ID, EventID: to.EventID,
		Name: p.name, MediaType: p.mediaType, Size: p.size, SHA256: p.sha256, Blob: p.blob,
		Public: to.Public, Held: to.Held, CreatedAt: tx.Now(),
	}
}

// ByID reads one row; NotFound when this organization has no such file.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*File, error) {
	f := new(File)
	if err := r.Select(f).Where("file.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return f, nil
}

// Of lists the files of a subject, oldest first: those a citizen may see, or
// all of them without the copies of originals.
func Of(ctx context.Context, r tenants.Reader, s Subject, publicOnly bool) ([]File, error) {
	var list []File
	q := r.Select(&list).Where("file.subject_kind = ? AND file.subject_id = ?", s.Kind, s.ID).Order("file.id")
	return list, fault.Wrap(tenants.Err(audience(q, publicOnly).Scan(ctx)), "files.Of")
}

func audience(q *tenants.Query, publicOnly bool) *tenants.Query {
	if publicOnly {
		return q.Where("file.public")
	}
	return q.Where("file.original_id IS NULL")
}

// OfEach is Of for several things of one kind.
func OfEach(ctx context.Context, r tenants.Reader, kind string, ids []int64, publicOnly bool) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var list []File
	q := r.Select(&list).Where("file.subject_kind = ? AND file.subject_id IN (?)", kind, tenants.In(ids)).Order("file.id")
	return list, fault.Wrap(tenants.Err(audience(q, publicOnly).Scan(ctx)), "files.OfEach")
}

// Publish lets the citizen see the files that one event brought, or takes them
// back. An original of which a stripped copy was made stays with the staff.
func Publish(ctx context.Context, tx *tenants.Tx, s Subject, eventID int64, public bool) error {
	var list []File
	err := tx.Select(&list).Where("file.subject_kind = ? AND file.subject_id = ? AND file.event_id = ?", s.Kind, s.ID, eventID).Scan(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "files.Publish")
	}
	originals := map[int64]bool{}
	for i := range list {
		if list[i].OriginalID != nil {
			originals[*list[i].OriginalID] = true
		}
	}
	var ids []int64
	for i := range list {
		if !originals[list[i].ID] && list[i].Public != public {
			ids = append(ids, list[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = tx.Set(ctx, (*File)(nil), "public = ?", []any{public}, "id IN (?)", tenants.In(ids))
	return fault.Wrap(err, "files.Publish")
}

// Attach moves the files of a draft to what the draft became, in the same
// transaction, and tells how many there were.
func Attach(ctx context.Context, tx *tenants.Tx, draftID int64, to Subject, eventID *int64) (int64, error) {
	return Move(ctx, tx, Subject{Kind: KindDraft, ID: draftID}, to, eventID)
}

// Move takes all files of one thing along to what came of it.
func Move(ctx context.Context, tx *tenants.Tx, from, to Subject, eventID *int64) (int64, error) {
	n, err := tx.Set(ctx, (*File)(nil), "subject_kind = ?, subject_id = ?, event_id = ?", []any{to.Kind, to.ID, eventID},
		"subject_kind = ? AND subject_id = ?", from.Kind, from.ID)
	return n, fault.Wrap(err, "files.Move")
}

// Drop takes one file out of a draft; files of cases are never removed so.
// The bytes go with the next Sweep.
func Drop(ctx context.Context, tx *tenants.Tx, draftID, id int64) error {
	n, err := tx.Delete(ctx, (*File)(nil), "(id = ? OR original_id = ?) AND subject_kind = ? AND subject_id = ?",
		id, id, KindDraft, draftID)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return fault.Wrap(err, "files.Drop")
}

// draftLife is the life of a draft (citizens.DraftLife, which this room may not
// import): a file that is older while still in a draft has lost its draft.
const draftLife = 24 * time.Hour

// PurgeDrafts removes the rows of files whose draft was never submitted, and
// tells how many. The bytes go with the next Sweep.
func PurgeDrafts(ctx context.Context, tx *tenants.Tx) (int64, error) {
	n, err := tx.Delete(ctx, (*File)(nil), "subject_kind = ? AND NOT held AND created_at <= ?", KindDraft, tx.Now().Add(-draftLife))
	return n, fault.Wrap(err, "files.PurgeDrafts")
}
