package tenants

// WarningRules say from what on the organization is warned, and who is told.
// Zero values are replaced by defaults.
type WarningRules struct {
	Off            bool     `json:"off" yaml:"off"`
	SpikeLeast     int      `json:"spike_least" yaml:"spike_least"`         // cases of a day below which nothing is a rise; 6
	SpikeSpread    int      `json:"spike_spread" yaml:"spike_spread"`       // tenths of the usual spread above the usual; 35
	RepeatCases    int      `json:"repeat_cases" yaml:"repeat_cases"`       // cases of one citizen about the same; 3
	RepeatDays     int      `json:"repeat_days" yaml:"repeat_days"`         // within so many days; 30
	AgeDays        int      `json:"age_days" yaml:"age_days"`               // an open case is old after that; 30
	AgeShare       int      `json:"age_share" yaml:"age_share"`             // percent of the open cases; 20
	AgeGrowth      int      `json:"age_growth" yaml:"age_growth"`           // percentage points more than four weeks ago; 10
	ReopenedShare  int      `json:"reopened_share" yaml:"reopened_share"`   // percent of a unit's referrals; 20
	SatisfiedShare int      `json:"satisfied_share" yaml:"satisfied_share"` // percent of a unit's verdicts; 60
	RateLeast      int      `json:"rate_least" yaml:"rate_least"`           // cases below which no share is judged; 10
	Roles          []string `json:"roles" yaml:"roles"`                     // who is told; nil: who takes disputed cases over
	People         []int64  `json:"people" yaml:"people"`                   // and who besides
}

func (w WarningRules) defaults() WarningRules {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&w.SpikeLeast, 6)
	def(&w.SpikeSpread, 35)
	def(&w.RepeatCases, 3)
	def(&w.RepeatDays, 30)
	def(&w.AgeDays, 30)
	def(&w.AgeShare, 20)
	def(&w.AgeGrowth, 10)
	def(&w.ReopenedShare, 20)
	def(&w.SatisfiedShare, 60)
	def(&w.RateLeast, 10)
	return w
}
