package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Principal is a citizen behind a request: the holder of a mobile number, or
// somebody who follows one case or meeting.
type Principal struct {
	Actor       tenants.Actor // Kind Citizen; the web sets ID and Name once it knows which citizen acts
	Kind        tenants.SessionKind
	Mobile      string // SessionCitizen, E.164
	SubjectKind string // SessionTracker: complaint, meeting
	SubjectID   int64
	SessionID   string // for tenants.TouchSession; not the token
	Touch       bool   // the web should touch the session
}

// Follows tells whether this is the tracker session of just this subject.
func (p *Principal) Follows(subjectKind string, subjectID int64) bool {
	return p.Kind == tenants.SessionTracker && p.SubjectKind == subjectKind && p.SubjectID == subjectID
}

// Holds tells whether this session has proven the mobile number.
func (p *Principal) Holds(mobile string) bool {
	return p.Kind == tenants.SessionCitizen && mobile != "" && p.Mobile == mobile
}

// OpenSession signs the holder of a mobile number in, after VerifyCode has said
// yes in the same transaction, and returns the token for the cookie.
func OpenSession(ctx context.Context, tx *tenants.Tx, mobile string) (token string, err error) {
	e164, ok := persian.Mobile(mobile)
	if !ok {
		return "", fault.Field("mobile", "citizen.mobile.wrong")
	}
	return tenants.OpenSession(ctx, tx, &tenants.Session{Kind: tenants.SessionCitizen, Mobile: e164})
}

// OpenTracker lets somebody follow one complaint or meeting, after the room of
// that subject has accepted its code with mobile or PIN.
func OpenTracker(ctx context.Context, tx *tenants.Tx, subjectKind string, subjectID int64) (token string, err error) {
	return tenants.OpenSession(ctx, tx, &tenants.Session{
		Kind: tenants.SessionTracker, SubjectKind: subjectKind, SubjectID: subjectID,
	})
}

// Authenticate tells who holds the token, in one query; a session that has
// ended or idled, and a token of staff, are tenants.ErrSessionEnded.
func Authenticate(ctx context.Context, r tenants.Reader, token string) (*Principal, error) {
	if !tenants.IsToken(token) {
		return nil, tenants.ErrSessionEnded()
	}
	s := new(tenants.Session)
	kinds := []tenants.SessionKind{tenants.SessionCitizen, tenants.SessionTracker}
	q := r.Select(s).Where("session.kind IN (?)", tenants.In(kinds))
	err := tenants.Err(tenants.LiveSession(q, token, r.Now()).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, tenants.ErrSessionEnded()
	}
	if err != nil {
		return nil, fault.Wrap(err, "citizens.Authenticate")
	}
	return &Principal{
		Actor: tenants.Actor{Kind: tenants.Citizen}, Kind: s.Kind, Mobile: s.Mobile,
		SubjectKind: s.SubjectKind, SubjectID: s.SubjectID,
		SessionID: s.ID, Touch: tenants.SessionStale(s.SeenAt, r.Now()),
	}, nil
}

// SignOut ends the session of the token; a token that opens nothing is no error.
func SignOut(ctx context.Context, tx *tenants.Tx, token string) error {
	return tenants.CloseSession(ctx, tx, token)
}
