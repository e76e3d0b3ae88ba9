package inspection

// Facts that somebody is told of: an inspector was appointed by somebody else,
// and the report on an open visit stands. Of a confidential visit its unit is
// told nothing.
const (
	KindAppointed = "inspection.appointed"
	KindReported  = "inspection.reported"
)

// Told is the payload of both.
type Told struct {
	InspectionID int64 `json:"inspection_id"`
}
