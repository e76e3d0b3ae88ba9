package boot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pasokh/app/vault"
	"pasokh/tenants"
)

// refuse is nil unless this is production and something is unsafe: then it
// lists every reason (security.md §9).
func (a *App) refuse(ctx context.Context) error {
	if !a.Config.Production() {
		return nil
	}
	reasons := a.Config.unsafe()
	database, err := unsafeDatabase(ctx, a.Root)
	if err != nil {
		return err
	}
	reasons = append(reasons, database...)
	queue, err := unsafeRedis(ctx, a.Redis)
	if err != nil {
		return err
	}
	if reasons = append(reasons, queue...); len(reasons) == 0 {
		return nil
	}
	return errors.New("production refuses to start:\n  - " + strings.Join(reasons, "\n  - "))
}

// unsafe lists the settings that production must not have.
func (c *Config) unsafe() []string {
	var list []string
	if c.Demo {
		list = append(list, "PASOKH_DEMO is on: its accounts are published")
	}
	if c.Sender == "console" {
		list = append(list, "PASOKH_SENDER is console: no message would reach anybody")
	}
	if c.FakeGateways != "" {
		list = append(list, "PASOKH_FAKE_GATEWAYS is set: no message would reach anybody")
	}
	list = append(list, c.unsafeKey()...)
	if !c.baseURLSet {
		list = append(list, "PASOKH_BASE_URL is not set: links would lead nowhere")
	}
	if !strings.HasPrefix(c.BaseURL, "https://") {
		list = append(list, "PASOKH_BASE_URL is not https: cookies would travel readable")
	}
	if len(c.TrustedProxies) == 0 && !c.TLS() {
		list = append(list, "PASOKH_TRUSTED_PROXIES is not set: every visitor would look like the proxy")
	}
	return list
}

// unsafeKey says what is wrong with the key file.
func (c *Config) unsafeKey() []string {
	if c.KeyFile == "" {
		return []string{"PASOKH_KEY_FILE is not set: the key would lie beside what it seals"}
	}
	exposed, err := vault.Exposed(c.KeyFile)
	switch {
	case err != nil:
		return []string{"PASOKH_KEY_FILE: " + err.Error()}
	case exposed:
		return []string{"PASOKH_KEY_FILE can be read by everybody on this machine: chmod 600"}
	}
	return nil
}

func unsafeDatabase(ctx context.Context, root *tenants.Root) ([]string, error) {
	s, err := tenants.Inspect(ctx, root)
	if err != nil {
		return nil, err
	}
	var list []string
	add := func(bad bool, reason string) {
		if bad {
			list = append(list, reason)
		}
	}
	if root.Postgres() {
		add(s.OwnsTables, fmt.Sprintf("the database role %q owns tables: it could lift the separation of organizations", s.Role))
		add(s.BypassesRLS, fmt.Sprintf("the database role %q bypasses row-level security", s.Role))
	} else {
		add(!s.SyncFull, "SQLite does not write synchronously (synchronous = FULL)")
		add(!s.ForeignKeys, "SQLite does not check references (foreign_keys = on)")
		add(!s.WAL, "SQLite is not in WAL mode")
	}
	done, err := tenants.Migrated(ctx, root)
	if err != nil {
		return nil, err
	}
	add(!done, "migrations are unfinished: run `pasokh migrate`")
	return list, nil
}

func unsafeRedis(ctx context.Context, r *Redis) ([]string, error) {
	policy, err := r.EvictionPolicy(ctx)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	switch policy {
	case "noeviction":
		return nil, nil
	case "":
		return []string{"Redis does not tell its maxmemory-policy; it must be noeviction"}, nil
	}
	return []string{"the maxmemory-policy of Redis is " + policy + "; it must be noeviction, or queued work is dropped"}, nil
}
