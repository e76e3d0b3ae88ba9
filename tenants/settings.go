package tenants

// Who must sign in with a second factor; see Settings.SecondFactor.
const (
	FactorAll  = "all"
	FactorDemo = "demo" // nobody: set by the program for a demonstration, by no organization
)

// Settings are the rules that an organization sets for itself. Zero values are
// replaced by Defaults when it is onboarded, so readers need no fallbacks.
type Settings struct {
	Calendar         Calendar `json:"calendar" yaml:"calendar"`
	AboutFA          string   `json:"about_fa" yaml:"about_fa"`
	AboutEN          string   `json:"about_en" yaml:"about_en"`
	HandlesFA        []string `json:"handles_fa" yaml:"handles_fa"`
	HandlesEN        []string `json:"handles_en" yaml:"handles_en"`
	NotHandledFA     []string `json:"not_handled_fa" yaml:"not_handled_fa"`
	NotHandledEN     []string `json:"not_handled_en" yaml:"not_handled_en"`
	BounceLimit      int      `json:"bounce_limit" yaml:"bounce_limit"`           // refusals by units before an arbiter decides
	FeedbackAttempts int      `json:"feedback_attempts" yaml:"feedback_attempts"` // calls on different days before "unreachable"
	TriageMinutes    int      `json:"triage_minutes" yaml:"triage_minutes"`       // how long a case may wait for the PR office
	FeedbackMinutes  int      `json:"feedback_minutes" yaml:"feedback_minutes"`   // how long a case may wait for the feedback call
	FollowupMinutes  int      `json:"followup_minutes" yaml:"followup_minutes"`   // how long it may wait for the field visit
	LegalMonths      int      `json:"legal_months" yaml:"legal_months"`           // definitive written answer, Court Act art. 16 note 4
	HoldMinutes      int      `json:"hold_minutes" yaml:"hold_minutes"`           // a chosen meeting slot is kept this long
	LeadHours        int      `json:"lead_hours" yaml:"lead_hours"`               // booking closes this long before a session
	HorizonDays      int      `json:"horizon_days" yaml:"horizon_days"`           // booking opens this long before a session
	Approval         bool     `json:"approval" yaml:"approval"`                   // the PR office approves each meeting
	QuotaDays        int      `json:"quota_days" yaml:"quota_days"`               // one open meeting per national ID, executive and this period
	CoolDownDays     int      `json:"cool_down_days" yaml:"cool_down_days"`       // after an unexcused absence
	RescheduleLimit  int      `json:"reschedule_limit" yaml:"reschedule_limit"`   // by the citizen
	DirectiveDays    int      `json:"directive_days" yaml:"directive_days"`       // default due date, in working days
	SessionsAhead    int      `json:"sessions_ahead" yaml:"sessions_ahead"`       // sessions generated this many days ahead
	PublicDays       int      `json:"public_days" yaml:"public_days"`             // of each executive in a month, at least
	ObjectionDays    int      `json:"objection_days" yaml:"objection_days"`       // a closed case may be objected to this long
	RefuseTransfers  bool     `json:"refuse_transfers" yaml:"refuse_transfers"`   // other organizations may send no cases here
	TransferDays     int      `json:"transfer_days" yaml:"transfer_days"`         // a case that came from another may be given back this long
	KeepPhotoPlace   bool     `json:"keep_photo_place" yaml:"keep_photo_place"`   // the place in the photos of field visits is kept; all other metadata never is
	WalkInRoom       *int     `json:"walk_in_room" yaml:"walk_in_room"`           // how many may come to a session without a booking; nil is 6
	MinutesTemplate  string   `json:"minutes_template" yaml:"minutes_template"`   // of the minutes of a meeting, with fields like {visitor}
	// DirectiveObjectionDays is the period in which a citizen may say once that a
	// directive was not carried out.
	DirectiveObjectionDays int     `json:"directive_objection_days" yaml:"directive_objection_days"`
	Booking                Booking `json:"booking" yaml:"booking"`
	// SecondFactor says who must sign in with a second factor: empty for the roles
	// that can do most harm, FactorAll for all staff.
	SecondFactor string `json:"second_factor" yaml:"second_factor"`
	// ServiceOnly lets staff in by the organization's own sign-in service alone;
	// see staff.ServiceOnly for whom else. The signin room sets it, because it must
	// know that the service answers.
	ServiceOnly bool `json:"service_only,omitempty" yaml:"-"`
	// Messages are the hours in which people are left alone.
	Messages Messaging `json:"messages" yaml:"messages"`
	// Ranking are the weights of the parts of the ranking of units.
	Ranking RankingWeights `json:"ranking" yaml:"ranking"`
	// ShortFA and ShortEN are the name where there is little room; empty: the whole.
	ShortFA string `json:"short_fa,omitempty" yaml:"short_fa"`
	ShortEN string `json:"short_en,omitempty" yaml:"short_en"`
	// LogoID is the file of its logo; 0 is the product's own mark. A file of an
	// organization carries the picture itself.
	LogoID int64 `json:"logo_id,omitempty" yaml:"-"`
	// Warnings say from what on the organization is warned.
	Warnings WarningRules `json:"warnings" yaml:"warnings"`
	// Reviews say how calls are reviewed.
	Reviews ReviewRules `json:"reviews" yaml:"reviews"`
	// Conduct are the weights of the conduct score.
	Conduct ConductRules `json:"conduct" yaml:"conduct"`
}

// Defaults fills what an organization did not set.
func (s Settings) Defaults() Settings {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	s.Calendar = s.Calendar.defaults()
	s.Ranking = s.Ranking.defaults()
	s.Warnings = s.Warnings.defaults()
	s.Reviews = s.Reviews.defaults()
	s.Conduct = s.Conduct.defaults()
	def(&s.BounceLimit, 2)
	def(&s.FeedbackAttempts, 3)
	def(&s.TriageMinutes, 120)
	def(&s.FeedbackMinutes, 2880)
	def(&s.FollowupMinutes, 4320)
	def(&s.LegalMonths, 3)
	def(&s.HoldMinutes, 10)
	def(&s.LeadHours, 12)
	def(&s.HorizonDays, 14)
	def(&s.QuotaDays, 30)
	def(&s.CoolDownDays, 30)
	def(&s.RescheduleLimit, 2)
	def(&s.DirectiveDays, 10)
	def(&s.DirectiveObjectionDays, 30)
	def(&s.SessionsAhead, 28)
	def(&s.PublicDays, 1)
	def(&s.ObjectionDays, 30)
	def(&s.TransferDays, 5)
	if s.WalkInRoom == nil {
		room := 6
		s.WalkInRoom = &room
	}
	return s
}
