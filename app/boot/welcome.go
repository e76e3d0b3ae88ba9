package boot

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"pasokh/app/notify"
)

// furnish sees to it that there is something to serve: the platform's own
// tenant, and in the demonstration its data.
func (a *App) furnish(ctx context.Context, out io.Writer) error {
	if a.Config.Demo {
		return a.LoadDemo(ctx, out)
	}
	_, created, err := a.ensurePlatform(ctx, secret())
	if err != nil || len(created) == 0 {
		return err
	}
	fmt.Fprintln(out, "The platform's admin account, shown only now:") //nolint:errcheck // a terminal
	return WriteAccounts(out, created)
}

// welcome tells people where the program is and, in the demonstration, how to
// sign in. It fails nobody.
func (a *App) welcome(out io.Writer, took time.Duration) {
	a.Log.Info("ready", "address", a.Config.Addr, "ms", took.Milliseconds(), "version", Version(),
		"postgres", a.Root.Postgres(), "redis_inside", a.Redis.Inside)
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	list, err := a.Root.UnscopedTenants(ctx)
	links, linkErr := notify.ParseLinks(a.Config.BaseURL)
	if err != nil || linkErr != nil || len(list) > addressesShown {
		return
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i := range list {
		fmt.Fprintf(t, "  %s\t%s\n", links.Home(&list[i]), list[i].NameEN) //nolint:errcheck // a terminal
	}
	_ = t.Flush()
	if a.Config.Demo {
		fmt.Fprintf(out, "Text messages to citizens: /dev/messages of each. Staff: password %s, accounts by `pasokh demo accounts`. Ctrl-C stops.\n", DemoPassword) //nolint:errcheck // a terminal
	}
}

// addressesShown is how many organizations are few enough to list at a start.
const addressesShown = 20

// welcomeStaff lists the demonstration's accounts after the first load.
func welcomeStaff(out io.Writer) {
	list, err := DemoAccounts()
	if err != nil {
		return // the load has said it
	}
	roles := map[string][]string{}
	for _, a := range list {
		roles[a.Tenant+"\t"+a.User] = append(roles[a.Tenant+"\t"+a.User], a.Role)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nStaff accounts, password of all: %s\n", DemoPassword) //nolint:errcheck // a terminal
	for _, a := range list {
		who := a.Tenant + "\t" + a.User
		if roles[who] != nil {
			fmt.Fprintf(t, "  %s\t%s\n", who, strings.Join(roles[who], ", ")) //nolint:errcheck // a terminal
		}
		delete(roles, who)
	}
	fmt.Fprintln(t) //nolint:errcheck // a terminal
	_ = t.Flush()
}

// WriteAccounts prints accounts as TSV: tenant, role, user name, password,
// second factor (none yet).
func WriteAccounts(out io.Writer, list []Account) error {
	if _, err := fmt.Fprintln(out, "tenant\trole\tuser\tpassword\tsecond_factor"); err != nil {
		return err
	}
	for _, a := range list {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t\n", a.Tenant, a.Role, a.User, a.Password); err != nil {
			return err
		}
	}
	return nil
}
