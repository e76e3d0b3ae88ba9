package tenants

import (
	"context"
	"strings"
	"time"
)

// DueTask names one task that is to be handed to the queue.
type DueTask struct {
	TenantID int64
	ID       int64
	Kind     string
	Urgency  Urgency
	Attempts int
	DueAt    time.Time
}

const (
	// openTasks are those that are neither done nor given up; the indexes have
	// nothing else.
	openTasks = "done_at IS NULL AND dead = FALSE"
	// dueAt is when a task is tried next, in the indexes' own words.
	dueAt = "COALESCE(retry_at, run_at)"
)

// UnscopedDueTasks lists undone tasks whose time has come: of each urgency in
// its turn at most about limit of them, the oldest first. When more are due, each
// organization that has some gets an equal share, so that one organization's
// pile hides nobody's task. It costs the same however large the piles are.
func (r *Root) UnscopedDueTasks(ctx context.Context, now time.Time, limit int) ([]DueTask, error) {
	var list []DueTask
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		if err := r.firstDue(ctx, c, now, limit, &list); err != nil {
			return err
		}
		of := map[Urgency]int{}
		for _, row := range list {
			of[row.Urgency]++
		}
		fair := make([]DueTask, 0, len(list))
		for _, u := range Urgencies() {
			part := list[:of[u]]
			list = list[of[u]:]
			if len(part) >= limit {
				var err error
				if part, err = r.sharedDue(ctx, c, u, now, limit); err != nil {
					return err
				}
			}
			fair = append(fair, part...)
		}
		list = fair
		return nil
	})
	return list, err
}

// firstDue reads the oldest due tasks of each urgency, one urgency after the other.
func (r *Root) firstDue(ctx context.Context, c *conn, now time.Time, limit int, list *[]DueTask) error {
	var parts []string
	var args []any
	for _, u := range Urgencies() {
		parts = append(parts, "SELECT * FROM (SELECT tenant_id, id, kind, urgency, attempts, "+dueAt+" AS due_at FROM outbox WHERE urgency = ? AND "+
			openTasks+" AND "+dueAt+" <= ? ORDER BY "+dueAt+", id LIMIT ?) AS of_"+u.String())
		args = append(args, u, now, limit)
	}
	return r.write.NewRaw(strings.Join(parts, " UNION ALL "), args...).Conn(c).Scan(ctx, list)
}

// sharedDue reads due tasks of one urgency in equal shares, in rounds: one of
// each organization, then the next of each.
func (r *Root) sharedDue(ctx context.Context, c *conn, u Urgency, now time.Time, limit int) ([]DueTask, error) {
	var who []int64
	err := r.write.NewRaw("SELECT id FROM tenants WHERE (SELECT 1 FROM outbox WHERE urgency = ? AND tenant_id = tenants.id AND "+
		openTasks+" AND "+dueAt+" <= ? LIMIT 1) IS NOT NULL", u, now).Conn(c).Scan(ctx, &who)
	if err != nil || len(who) == 0 {
		return nil, err
	}
	share := max(1, (limit+len(who)-1)/len(who))
	shares := make([][]DueTask, len(who))
	if r.postgres {
		var all []DueTask
		err = r.write.NewRaw("SELECT d.* FROM tenants AS t CROSS JOIN LATERAL (SELECT tenant_id, id, kind, urgency, attempts, "+dueAt+" AS due_at FROM outbox "+
			"WHERE urgency = ? AND tenant_id = t.id AND "+openTasks+" AND "+dueAt+" <= ? ORDER BY "+dueAt+", id LIMIT ?) AS d WHERE t.id IN (?)",
			u, now, share, In(who)).Conn(c).Scan(ctx, &all)
		place := make(map[int64]int, len(who))
		for i, id := range who {
			place[id] = i
		}
		for _, row := range all {
			shares[place[row.TenantID]] = append(shares[place[row.TenantID]], row)
		}
		return inRounds(shares), err
	}
	for i, id := range who { // SQLite knows no LATERAL, and asking it costs no journey
		err := r.write.NewRaw("SELECT tenant_id, id, kind, urgency, attempts, "+dueAt+" AS due_at FROM outbox WHERE urgency = ? AND tenant_id = ? AND "+
			openTasks+" AND "+dueAt+" <= ? ORDER BY "+dueAt+", id LIMIT ?", u, id, now, share).Conn(c).Scan(ctx, &shares[i])
		if err != nil {
			return nil, err
		}
	}
	return inRounds(shares), nil
}

// inRounds lists the first of each, then the second of each, and so on.
func inRounds(shares [][]DueTask) (list []DueTask) {
	for n := 0; ; n++ {
		before := len(list)
		for _, share := range shares {
			if n < len(share) {
				list = append(list, share[n])
			}
		}
		if len(list) == before {
			return list
		}
	}
}

// UnscopedDiscardTasks marks everything due as done without running it: used
// once, after the demonstration history has been written.
func (r *Root) UnscopedDiscardTasks(ctx context.Context, now time.Time, why string) error {
	return unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewUpdate().Conn(c).Model((*Task)(nil)).
			Set("done_at = ?, result = ?", now, why).Where("done_at IS NULL AND run_at <= ?", now).Exec(ctx)
		return err
	})
}
