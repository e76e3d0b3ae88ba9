package tenants

// RankingWeights say how much each part of the ranking counts in the whole. The
// default is 60 for kept deadlines, 20 for inspection, 20 for conduct.
type RankingWeights struct {
	Deadlines  int `json:"deadlines" yaml:"deadlines"`
	Inspection int `json:"inspection" yaml:"inspection"`
	Conduct    int `json:"conduct" yaml:"conduct"`
}

func (w RankingWeights) defaults() RankingWeights {
	if w.Deadlines <= 0 && w.Inspection <= 0 && w.Conduct <= 0 {
		return RankingWeights{Deadlines: 60, Inspection: 20, Conduct: 20}
	}
	return RankingWeights{max(0, w.Deadlines), max(0, w.Inspection), max(0, w.Conduct)}
}

// Weighed is one part of a whole, in percent; Known is false when there was
// nothing to measure.
type Weighed struct {
	Percent, Weight int
	Known           bool
}

// Whole is the weighted mean of the parts that are known, in percent; false
// when none is. What is not known neither helps nor harms.
func Whole(list ...Weighed) (percent int, ok bool) {
	sum, of := 0, 0
	for _, w := range list {
		if w.Known {
			sum, of = sum+w.Percent*w.Weight, of+w.Weight
		}
	}
	if of == 0 {
		return 0, false
	}
	return (sum + of/2) / of, true
}
