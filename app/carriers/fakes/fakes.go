// Package fakes stands in for the gateways: one server that speaks as Kavenegar,
// SMS.ir, Ghasedak, Melipayamak and Bale do, with their failures, a mail server
// beside it, and a page of what was sent. For tests and for trying by hand.
package fakes

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Mode is how the server behaves.
type Mode string

// The modes. Each provider says them in its own words.
const (
	Good        Mode = ""
	NoCredit    Mode = "no_credit"   // under HTTP 200 where the provider does so
	BadKey      Mode = "bad_key"     //
	Blacklisted Mode = "blacklisted" // of the number
	BadNumber   Mode = "bad_number"  //
	Overloaded  Mode = "busy"        // "try later"
	Broken      Mode = "500"         // HTTP 500 with a page
	Timeout     Mode = "timeout"     // takes the message and never answers
	Slow        Mode = "slow"        // answers after a while
	Garbage     Mode = "garbage"     // HTTP 200 with a page
	Moved       Mode = "redirect"    // HTTP 302
)

// Modes lists them for the page.
func Modes() []Mode {
	return []Mode{Good, NoCredit, BadKey, Blacklisted, BadNumber, Overloaded, Broken, Timeout, Slow, Garbage, Moved}
}

// Fates of what was accepted.
const (
	Pending     = "pending"
	Delivered   = "delivered"
	Undelivered = "undelivered"
	Filtered    = "blacklisted"
)

// Sent is one message as the provider has it.
type Sent struct {
	ID, Provider, To, Line, Text, Template string
	Params                                 map[string]string
	Key                                    string // of ours, where the provider takes one
	At                                     time.Time
	Fate                                   string
}

// Server is the fake gateways; the zero value works. It is a http.Handler.
type Server struct {
	// Clock tells when; time.Now when nil.
	Clock func() time.Time
	// Pause is how long Slow takes, and Timeout at most.
	Pause time.Duration

	mu      sync.Mutex
	sent    []Sent
	modes   map[string]Mode // provider → mode
	codes   map[string]int  // provider → a return code that it answers instead
	credit  float64
	fate    string
	calls   int
	next    int64
	mail    *MailServer
	replies []Reply
}

// Set makes a provider behave.
func (s *Server) Set(provider string, m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.modes == nil {
		s.modes = map[string]Mode{}
	}
	s.modes[provider] = m
}

// Answer makes a provider answer every call with one of its return codes; 0
// ends that.
func (s *Server) Answer(provider string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.codes == nil {
		s.codes = map[string]int{}
	}
	s.codes[provider] = code
}

// SetCredit says what is left on every account.
func (s *Server) SetCredit(left float64) { s.mu.Lock(); defer s.mu.Unlock(); s.credit = left }

// SetFate says what becomes of all that was and will be accepted.
func (s *Server) SetFate(fate string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fate = fate
	for i := range s.sent {
		s.sent[i].Fate = fate
	}
}

// Sent lists what was accepted, oldest first.
func (s *Server) Sent() []Sent { s.mu.Lock(); defer s.mu.Unlock(); return slices.Clone(s.sent) }

// Calls counts the requests of providers, refused ones included.
func (s *Server) Calls() int { s.mu.Lock(); defer s.mu.Unlock(); return s.calls }

func (s *Server) mode(provider string) (Mode, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	return s.modes[provider], s.codes[provider]
}

func (s *Server) left() float64 { s.mu.Lock(); defer s.mu.Unlock(); return s.credit }

func (s *Server) now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock()
}

// keep takes a message. One with a key that this provider has gives what it got
// then, as Kavenegar and Bale do.
func (s *Server) keep(m Sent) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.sent {
		if m.Key != "" && m.Provider != "ghasedak" && known.Provider == m.Provider && known.Key == m.Key {
			return known.ID
		}
	}
	s.next++
	m.ID, m.At, m.Fate = strconv.FormatInt(800_000_000_000_000+s.next, 10), s.now(), s.fate
	if m.Fate == "" {
		m.Fate = Pending
	}
	s.sent = append(s.sent, m)
	return m.ID
}

func (s *Server) fateOf(provider, id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.sent {
		if m.Provider == provider && m.ID == id {
			return m.Fate, true
		}
	}
	return "", false
}

// ServeHTTP implements http.Handler: a provider below its name, and the page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes().ServeHTTP(w, r) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("POST /{$}", s.control)
	for name, serve := range map[string]func(http.ResponseWriter, *http.Request, Mode, int){
		"kavenegar": s.kavenegar, "smsir": s.smsir, "ghasedak": s.ghasedak, "melipayamak": s.melipayamak, "bale": s.bale,
	} {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, s.behaving(name, serve)))
	}
	return mux
}

// behaving answers what has the same shape at every provider: those of the
// machinery before it.
func (s *Server) behaving(name string, serve func(http.ResponseWriter, *http.Request, Mode, int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mode, code := s.mode(name)
		switch mode {
		case Broken:
			http.Error(w, "<html>Internal Server Error</html>", http.StatusInternalServerError)
		case Garbage:
			_, _ = w.Write([]byte("<html>در دست تعمیر</html>"))
		case Moved:
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case Timeout:
			serve(nowhere{http.Header{}}, r, Good, 0)
			s.wait(r)
		case Slow:
			s.wait(r)
			serve(w, r, Good, 0)
		default:
			serve(w, r, mode, code)
		}
	})
}

func (s *Server) wait(r *http.Request) {
	pause := s.Pause
	if pause == 0 {
		pause = 12 * time.Second
	}
	select {
	case <-r.Context().Done():
	case <-time.After(pause):
	}
}

// nowhere is an answer that nobody gets.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}
