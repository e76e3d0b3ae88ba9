// Package citizens holds the people who complain or book: who they are, how
// they prove their mobile number, their sessions, and what they have typed so
// far.
package citizens

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Citizen is one person as one organization knows them: a mobile number, with
// a national ID once it was given. The same mobile may serve a whole family,
// so several citizens can share it.
type Citizen struct {
	tenants.BaseModel `bun:"table:citizens,alias:citizen"`
	tenants.Owned
	ID          int64         `bun:",pk"`
	SubjectKey  string        // the person's own key, sealed: without it nothing below opens
	Mobile      string        `sealed:"citizens.mobile,blind=mobile,key=SubjectKey"`                             // E.164
	NationalID  string        `bun:"national_id" sealed:"citizens.national_id,blind=national_id,key=SubjectKey"` // ten ASCII digits, or empty
	Name        string        `sealed:"citizens.name,key=SubjectKey"`
	Email       string        `sealed:"citizens.email,blind=email,key=SubjectKey"` // where mail reaches the person, or empty
	Language    messages.Lang // of what we tell the person
	Phone       string        `sealed:"citizens.phone,blind=phone,key=SubjectKey"` // a second number, a landline as a rule: E.164, or empty
	CourtesyOff bool          // is told only what is official
	VerifiedAt  *time.Time    // when the mobile number was last proven by a code
	CreatedAt   time.Time
	ErasedAt    *time.Time // who the person was is forgotten
	// What the blind indexes of the columns stand for; the door fills and opens them.
	MobileSealed     string
	NationalIDSealed string `bun:"national_id_sealed"`
	EmailSealed      string
	PhoneSealed      string
}

// MaskedNationalID shows the last two digits only: "••••••••99".
func (c *Citizen) MaskedNationalID() string {
	if c.NationalID == "" {
		return ""
	}
	shown := c.NationalID[max(0, len(c.NationalID)-2):]
	return strings.Repeat("•", len(c.NationalID)-len(shown)) + shown
}

// Need says how much a citizen must tell about themselves.
type Need uint8

// The needs. What is given must be right in every case.
const (
	NeedNothing    Need = iota // anonymous reports
	NeedMobile                 // where the answer goes
	NeedIdentified             // mobile, national ID and name: meetings, formal complaints
)

// Identity is what a citizen tells about themselves, as typed.
type Identity struct {
	Mobile     string
	NationalID string
	Name       string
	Verified   bool // the mobile number was proven by a code in this very act

	Email    string        // where mail reaches the person; empty leaves what is known
	Language messages.Lang // of the page that they used; empty leaves what is known
}

// nameLimit is the longest name kept, in runes.
const nameLimit = 120

// Check gives the identity in the form in which it is kept (E.164, ASCII
// digits, clean text), or the errors beside mobile, national_id and name.
func (in Identity) Check(need Need) (Identity, error) {
	errs := fault.Fields{}
	out := Identity{Name: persian.CleanLine(in.Name), Verified: in.Verified, Language: in.Language}
	var wrong error
	if out.Email, wrong = Address(in.Email); wrong != nil {
		errs.Add("email", "citizen.email.wrong")
	}
	out.Mobile = field(errs, "mobile", in.Mobile, need >= NeedMobile, persian.Mobile)
	out.NationalID = field(errs, "national_id", in.NationalID, need >= NeedIdentified, persian.NationalID)
	switch length := utf8.RuneCountInString(out.Name); {
	case length == 0 && need >= NeedIdentified:
		errs.Add("name", "citizen.name.missing")
	case length > nameLimit:
		errs.Add("name", "citizen.name.long")
	}
	return out, errs.Err()
}

// field reads one number, noting citizen.<name>.missing or .wrong.
func field(errs fault.Fields, name, typed string, required bool, read func(string) (string, bool)) string {
	if strings.TrimSpace(typed) == "" {
		if required {
			errs.Add(name, "citizen."+name+".missing")
		}
		return ""
	}
	value, ok := read(typed)
	if !ok {
		errs.Add(name, "citizen."+name+".wrong")
	}
	return value
}

// Ensure finds the citizen with this mobile number and national ID, or writes
// a new one. A name that stands is changed only by staff or by somebody who
// has just proven the number, because anybody can type another's number.
func Ensure(ctx context.Context, tx *tenants.Tx, in Identity) (*Citizen, error) {
	in, err := in.Check(NeedMobile)
	if err != nil {
		return nil, err
	}
	c := &Citizen{ID: tenants.NewID(), Mobile: in.Mobile, NationalID: in.NationalID, Name: in.Name, Email: in.Email, Language: in.Language, CreatedAt: tx.Now()}
	if in.Verified {
		c.VerifiedAt = &c.CreatedAt
	}
	isNew, err := tx.InsertNew(ctx, c)
	if err != nil || isNew {
		return c, fault.Wrap(err, "citizens.Ensure")
	}
	*c = Citizen{}
	if err := tx.Lock(ctx, c, "citizen.mobile = ? AND citizen.national_id = ?", tx.Blind("mobile", in.Mobile), tx.Blind("national_id", in.NationalID)); err != nil {
		return nil, fault.Wrap(err, "citizens.Ensure")
	}
	return c, c.refresh(ctx, tx, in)
}

func (c *Citizen) refresh(ctx context.Context, tx *tenants.Tx, in Identity) error {
	var changed []string
	trusted := in.Verified || tx.Actor().Kind == tenants.Staff
	if in.Name != "" && in.Name != c.Name && (trusted || c.Name == "") {
		c.Name, changed = in.Name, append(changed, "name")
	}
	if now := tx.Now(); in.Verified {
		c.VerifiedAt, changed = &now, append(changed, "verified_at")
	}
	if in.Email != "" && in.Email != c.Email && in.Verified { // else anybody could have another's mail sent to themselves
		c.Email, changed = in.Email, append(changed, "email")
	}
	if in.Language != "" && in.Language != c.Language && in.Verified {
		c.Language, changed = in.Language, append(changed, "language")
	}
	if len(changed) == 0 {
		return nil
	}
	return fault.Wrap(tx.Update(ctx, c, changed...), "citizens.Ensure")
}

// ByID reads one citizen.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Citizen, error) {
	c := new(Citizen)
	if err := r.Select(c).Where("citizen.id = ?", id).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	return c, nil
}

// ByIDs reads citizens into a map; unknown ids are absent.
func ByIDs(ctx context.Context, r tenants.Reader, ids []int64) (map[int64]Citizen, error) {
	found := make(map[int64]Citizen, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var list []Citizen
	err := r.Select(&list).Where("citizen.id IN (?)", tenants.In(ids)).Scan(ctx)
	for _, c := range list {
		found[c.ID] = c
	}
	return found, fault.Wrap(tenants.Err(err), "citizens.ByIDs")
}

// findLimit is how many citizens Find gives at most.
const findLimit = 20

// Find lists the citizens, newest first, whose mobile number, second number or
// national ID is the one typed; none when it is none of them. Operators search so while a caller
// talks, and a citizen's own page lists what was filed under their number.
func Find(ctx context.Context, r tenants.Reader, typed string) ([]Citizen, error) {
	mobile, isMobile := persian.Mobile(typed)
	nationalID, isID := persian.NationalID(typed)
	phone, isPhone := Phone(typed)
	var list []Citizen
	q := r.Select(&list).Order("citizen.id DESC").Limit(findLimit)
	switch {
	case isMobile:
		q = q.Where("citizen.mobile = ?", r.Blind("mobile", mobile))
	case isID:
		q = q.Where("citizen.national_id = ?", r.Blind("national_id", nationalID))
	case isPhone:
		q = q.Where("citizen.phone = ?", r.Blind("phone", phone))
	default:
		return list, nil
	}
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "citizens.Find")
}

// WithEmail lists the citizens, newest first, whom mail reaches at an address.
func WithEmail(ctx context.Context, r tenants.Reader, address string) ([]Citizen, error) {
	var list []Citizen
	if address == "" {
		return list, nil
	}
	err := r.Select(&list).Where("citizen.email <> '' AND citizen.email IN (?)", tenants.In([]string{r.Blind("email", address), r.Blind("email", strings.ToLower(address))})).
		Order("citizen.id DESC").Limit(findLimit).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "citizens.WithEmail")
}
