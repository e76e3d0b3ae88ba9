package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/carriers/fakes"
	"pasokh/app/notify"
	"pasokh/app/vault"
)

// keyFile is where the key lies.
func (c *Config) keyFile() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "key")
}

// openKeys reads the keys outside the database; one that nobody named is made
// once. None in production without PASOKH_KEY_FILE: refuse says so before
// anything is served.
func openKeys(c Config) (*vault.Keys, error) {
	if c.KeyFile == "" && c.Production() {
		return nil, nil //nolint:nilnil // as said
	}
	if c.KeyFile == "" {
		if err := vault.Make(c.keyFile()); err != nil {
			return nil, err
		}
	}
	keys, err := vault.Load(c.keyFile())
	if err != nil {
		return nil, fmt.Errorf("PASOKH_KEY_FILE: %w", err)
	}
	return keys, nil
}

// openGateways opens the gateways with the keys of the deployment.
func openGateways(c Config, keys *vault.Keys) (*notify.Opener, error) {
	if keys == nil {
		return &notify.Opener{}, nil
	}
	return &notify.Opener{Keys: keys, Options: carriers.Options{Fakes: c.FakeGateways, Loopback: !c.Production(), Inside: c.MailInside}}, nil
}

// Fakes says where the fake gateways listen.
type Fakes struct{ Port, MailPort int }

// FakeGateways stands in for the gateways on this machine, and nowhere else,
// until the process is told to stop.
func FakeGateways(ctx context.Context, f Fakes, out io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(f.Port))
	box := new(fakes.MailServer)
	if err := box.Listen(net.JoinHostPort("127.0.0.1", strconv.Itoa(f.MailPort))); err != nil {
		return err
	}
	defer box.Close() //nolint:errcheck // the process ends
	fake := new(fakes.Server)
	fake.SetCredit(1_000_000)
	fake.Mailbox(box)
	server := &http.Server{Addr: at, Handler: fake, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	//nolint:errcheck // a terminal
	fmt.Fprintf(out, `what is sent:   http://%s/
text messages:  start pasokh with PASOKH_FAKE_GATEWAYS=http://%s, then add a gateway
                under /desk/organization/channels; any line number and key will do
mail:           there, a mail server on host 127.0.0.1, port %d, without user name
`, at, at, f.MailPort)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
