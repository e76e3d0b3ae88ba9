package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// bare answers a constant body of a size: the ceiling of any page that big.
func bare(addr string) {
	body := make([]byte, 0, 1<<16)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/:size", func(c *fiber.Ctx) error {
		size, err := c.ParamsInt("size")
		if err != nil {
			return err
		}
		if len(body) != size {
			body = []byte(strings.Repeat("x", size))
		}
		return c.Send(body)
	})
	if err := app.Listen(addr); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// result is what one load gave.
type result struct {
	rate float64 // requests per second
	p99  time.Duration
	size int
}

// load asks for a page from several connections at once; any other status than
// 200 ends the run, because errors are fast.
func load(addr, host, path, cookie string) (result, error) {
	client := &fasthttp.HostClient{Addr: addr, MaxConns: clients}
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var size int
	begin := time.Now().Add(warm)
	end := begin.Add(measured)
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			req.SetRequestURI("http://" + host + path)
			req.Header.Set("Cookie", cookie)
			var own []time.Duration
			for now := time.Now(); now.Before(end); {
				err := client.Do(req, res)
				took := time.Since(now)
				if err == nil && res.StatusCode() != http.StatusOK {
					err = fmt.Errorf("%s answered %d", path, res.StatusCode())
				}
				if now.After(begin) {
					own = append(own, took)
				}
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				now = time.Now()
			}
			mu.Lock()
			defer mu.Unlock()
			times, size = append(times, own...), len(res.Body())
		})
	}
	wait.Wait()
	if failed != nil || len(times) == 0 {
		return result{}, failed
	}
	slices.Sort(times)
	return result{rate: float64(len(times)) / measured.Seconds(), p99: times[len(times)*99/100], size: size}, nil
}

// pages measures the inbox, a case and the tracking page, each beside a bare
// handler that sends as many bytes.
func (s *server) pages(ctx context.Context, r *report) error {
	port := s.addr[strings.LastIndexByte(s.addr, ':'):]
	host := "gas.localhost" + port
	ceiling := exec.Command(os.Args[0], "bare", freeAddr()) //nolint:gosec // this very program
	addr := ceiling.Args[2]
	if err := ceiling.Start(); err != nil {
		return err
	}
	defer func() { _ = ceiling.Process.Kill(); _ = ceiling.Wait() }()
	if err := waitFor(addr, 10*time.Second); err != nil {
		return err
	}
	id, code, phone, err := s.sample(ctx)
	if err != nil {
		return err
	}
	officer, err := s.session(host, "/sign-in", "/session", url.Values{"user": {"pr"}, "password": {password()}})
	if err != nil {
		return err
	}
	citizen, err := s.session(host, "/track", "/tracking", url.Values{"code": {code}, "secret": {phone}})
	if err != nil {
		return err
	}
	for _, page := range []struct{ name, path, cookie string }{
		{"home page", "/", ""}, {"inbox of 50 rows", "/desk?tab=new", officer}, {"case page", fmt.Sprintf("/desk/complaints/%d", id), officer}, {"tracking page", "/case", citizen},
	} {
		got, err := load(s.addr, host, page.path, page.cookie)
		if err != nil {
			return err
		}
		top, err := load(addr, addr, fmt.Sprintf("/%d", got.size), "")
		if err != nil {
			return err
		}
		r.add(page.name+": requests", got.rate, "req/s", got.rate/top.rate)
		r.add(page.name+": bare handler", top.rate, "req/s", 0)
		r.add(page.name+": p99", float64(got.p99.Microseconds())/1000, "ms", 0)
		r.add(page.name+": size", float64(got.size)/1024, "KiB", 0)
	}
	return nil
}

// sample finds a case of the filled ones.
func (s *server) sample(ctx context.Context) (id int64, code, phone string, err error) {
	root, err := tenants.Open(ctx, s.database, "", tenants.SystemClock)
	if err != nil {
		return 0, "", "", err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	tenant, err := root.UnscopedTenantBySlug(ctx, "gas")
	if err != nil {
		return 0, "", "", err
	}
	db := root.For(tenant)
	defer db.Release()
	list, err := complaints.OfMobile(ctx, db, "+98"+mobile(7)[1:])
	if err != nil || len(list) == 0 {
		return 0, "", "", fmt.Errorf("no sample case: %w", err)
	}
	return list[0].ID, list[0].Code, mobile(7), nil
}

var token = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// session fills a form in like a browser and gives the cookies afterwards.
func (s *server) session(host, form, action string, values url.Values) (string, error) {
	jar := map[string]string{}
	ask := func(method, path, body string) (string, error) {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		req.SetRequestURI("http://" + host + path)
		req.Header.SetMethod(method)
		for k, v := range jar {
			req.Header.SetCookie(k, v)
		}
		if body != "" {
			req.Header.SetContentType("application/x-www-form-urlencoded")
			req.Header.Set("Origin", "http://"+host)
			req.SetBodyString(body)
		}
		if err := (&fasthttp.HostClient{Addr: s.addr}).Do(req, res); err != nil {
			return "", err
		}
		for key, raw := range res.Header.Cookies() {
			c := fasthttp.AcquireCookie()
			if err := c.ParseBytes(raw); err == nil {
				jar[string(key)] = string(c.Value())
			}
		}
		if code := res.StatusCode(); code >= http.StatusBadRequest {
			return "", fmt.Errorf("%s %s answered %d", method, path, code)
		}
		return string(res.Body()), nil
	}
	page, err := ask("GET", form, "")
	if err != nil {
		return "", err
	}
	found := token.FindStringSubmatch(page)
	if found == nil {
		return "", fmt.Errorf("%s has no form", form)
	}
	values.Set("_csrf", found[1])
	if _, err := ask("POST", action, values.Encode()); err != nil {
		return "", err
	}
	var cookies []string
	for k, v := range jar {
		cookies = append(cookies, k+"="+v)
	}
	return strings.Join(cookies, "; "), nil
}

// password is that of all demonstration accounts, as the program prints it.
func password() string {
	out, err := exec.Command(binary, "demo", "accounts").Output()
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) > 3 && f[0] == "gas" {
			return f[3]
		}
	}
	return ""
}
