package tenants

// Quotas are what an organization may use; zero is no limit. A soft limit warns,
// see Near.
type Quotas struct {
	Cases        int64 `json:"cases,omitempty" yaml:"cases"`                 // in a month; only ever warned of
	Messages     int64 `json:"messages,omitempty" yaml:"messages"`           // in a month
	StorageBytes int64 `json:"storage_bytes,omitempty" yaml:"storage_bytes"` // of files
}

// nearPercent is where a limit begins to be warned of.
const nearPercent = 80

// Near tells whether so much of the limit is used that people should know.
func Near(used, limit int64) bool { return limit > 0 && used*100 >= limit*nearPercent }

// Reached tells whether the limit is used up.
func Reached(used, limit int64) bool { return limit > 0 && used >= limit }
