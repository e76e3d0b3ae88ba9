package tenants

// ReviewCriterion is one thing that is listened for in a call.
type ReviewCriterion struct {
	Key    string `json:"key" yaml:"key"` // names it over all versions
	FA     string `json:"fa" yaml:"fa"`
	EN     string `json:"en" yaml:"en"`
	Weight int    `json:"weight" yaml:"weight"` // 1 to 10
}

// ReviewRules say how calls are reviewed. Zero values are replaced by defaults.
type ReviewRules struct {
	PerMonth int               `json:"per_month" yaml:"per_month"` // calls of each operator; 4
	Criteria []ReviewCriterion `json:"criteria" yaml:"criteria"`
	Version  int               `json:"version" yaml:"-"` // rises with every change
}

func (r ReviewRules) defaults() ReviewRules {
	if r.PerMonth <= 0 {
		r.PerMonth = 4
	}
	if r.Version == 0 {
		r.Version = 1
	}
	if len(r.Criteria) == 0 {
		r.Criteria = []ReviewCriterion{
			{"speech", "گویش روشن و مناسب", "Clear and fitting speech", 2},
			{"patience", "صبوری و حوصله", "Patience", 3},
			{"courtesy", "ادب و احترام", "Courtesy and respect", 3},
			{"accuracy", "دقت و درستی اطلاعات", "Accurate information", 3},
			{"script", "پیروی از متن تماس", "Keeping to the call script", 1},
		}
	}
	return r
}

// ConductRules are the weights of what makes up the conduct score, see
// quality.Parts. Zero values are replaced by defaults.
type ConductRules struct {
	Survey     int `json:"survey" yaml:"survey"`         // weight of what citizens say; 50
	Reviews    int `json:"reviews" yaml:"reviews"`       // weight of reviewed calls; 30
	Inspection int `json:"inspection" yaml:"inspection"` // weight of what inspection saw; 20
	Justified  int `json:"justified" yaml:"justified"`   // points that an upheld violation of conduct costs; 10
	Least      int `json:"least" yaml:"least"`           // answers and reviews below which there is no score; 5
}

func (c ConductRules) defaults() ConductRules {
	if c.Survey <= 0 && c.Reviews <= 0 && c.Inspection <= 0 {
		c.Survey, c.Reviews, c.Inspection = 50, 30, 20
	}
	if c.Justified <= 0 {
		c.Justified = 10
	}
	if c.Least <= 0 {
		c.Least = 5
	}
	return c
}
