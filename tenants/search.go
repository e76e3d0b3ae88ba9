package tenants

import (
	"context"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"pasokh/app/fault"
)

// ComplaintsWith implements Reader with the index of words of PostgreSQL; see
// migrations/postgres/search.sql.
func (s *scope) ComplaintsWith(ctx context.Context, words []string, atMost int) ([]int64, bool, error) {
	if !s.root.postgres {
		return nil, false, nil
	}
	var ids []int64
	err := s.root.write.NewRaw("SELECT search_complaints(ARRAY[?], ?)", In(s.eitherWay(words)), atMost+1).Conn(s.conn).Scan(ctx, &ids)
	if err != nil {
		return nil, false, fault.Wrap(Err(err), "tenants.ComplaintsWith")
	}
	return ids, len(ids) <= atMost, nil
}

// eitherWay adds to each word how it stands where it is sealed.
func (s *scope) eitherWay(words []string) []string {
	both := make([]string, len(words))
	for i, w := range words {
		both[i] = w + " " + s.BlindWords(w)
	}
	return both
}

// AnyFound is what a column of ids equals when it is among those that
// ComplaintsWith found: thousands of them are one value of the statement.
func AnyFound(ids []int64) schema.QueryWithArgs {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatInt(id, 10)
	}
	return bun.SafeQuery("ANY(?::bigint[])", "{"+strings.Join(list, ",")+"}")
}
