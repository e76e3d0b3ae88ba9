package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

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
	var size atomic.Int64
	pairs := sync.Pool{New: func() any {
		req := fasthttp.AcquireRequest()
		req.SetRequestURI("http://" + host + path)
		req.Header.Set("Cookie", cookie)
		return &pair{req, fasthttp.AcquireResponse()}
	}}
	got, err := repeated(func() error {
		p := pairs.Get().(*pair) //nolint:forcetypeassert // the pool holds nothing else
		defer pairs.Put(p)
		err := client.Do(p.req, p.res)
		if err == nil && p.res.StatusCode() != http.StatusOK {
			err = fmt.Errorf("%s answered %d", path, p.res.StatusCode())
		}
		size.Store(int64(len(p.res.Body())))
		return err
	})
	got.size = int(size.Load())
	return got, err
}

type pair struct {
	req *fasthttp.Request
	res *fasthttp.Response
}

// repeated does something again and again on several lines at once, for the
// measured time after the warm-up; the first error ends it.
func repeated(do func() error) (result, error) {
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	begin := time.Now().Add(warm)
	end := begin.Add(measured)
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			var own []time.Duration
			for now := time.Now(); now.Before(end); {
				err := do()
				took := time.Since(now)
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
			times = append(times, own...)
		})
	}
	wait.Wait()
	if failed != nil || len(times) == 0 {
		return result{}, failed
	}
	slices.Sort(times)
	return result{rate: float64(len(times)) / measured.Seconds(), p99: times[len(times)*99/100]}, nil
}

// pages measures the public start page, the inbox, a search, a case and the
// tracking page, each beside a bare handler.
func (s *server) pages(ctx context.Context, r *report) error {
	host := tenant + ".localhost" + s.addr[strings.LastIndexByte(s.addr, ':'):]
	example, err := s.sample(ctx)
	if err != nil {
		return err
	}
	officer, err := s.session(host, "/sign-in", "/session", url.Values{"user": {"pr"}, "password": {password()}})
	if err != nil {
		return err
	}
	citizen, err := s.session(host, "/track", "/tracking", url.Values{"code": {example.code}, "secret": {example.phone}})
	if err != nil {
		return err
	}
	list := []struct{ name, path, cookie, sql string }{
		{"home", "/", "", ""},
		{"inbox", "/desk?tab=open", officer, example.inbox},
		{"search", "/desk?q=" + url.QueryEscape(example.word), officer, example.search},
		{"case", fmt.Sprintf("/desk/complaints/%d", example.id), officer, example.read},
		{"tracking", "/case", citizen, example.read},
	}
	got, peers := map[string]result{}, map[string]peer{}
	for _, page := range list {
		if got[page.name], err = load(s.addr, host, page.path, page.cookie); err != nil {
			return err
		}
		p := peer{Database: s.database, Tenant: example.tenant, SQL: page.sql, Size: got[page.name].size}
		peers[page.name] = p
		p.Plain = true
		peers[page.name+"-plain"] = p
	}
	addr, stop, err := beside(peers)
	if err != nil {
		return err
	}
	defer stop()
	for _, page := range list {
		top, err := load(addr, addr, "/"+page.name, "")
		if err != nil {
			return err
		}
		mine := got[page.name]
		r.add(s.shape+" "+page.name+" page", mine.rate, "req/s", mine.rate/top.rate)
		r.add(s.shape+" "+page.name+" bare handler", top.rate, "req/s", 0)
		if page.sql != "" {
			plain, err := load(addr, addr, "/"+page.name+"-plain", "")
			if err != nil {
				return err
			}
			r.add(s.shape+" "+page.name+" bare handler, not prepared", plain.rate, "req/s", mine.rate/plain.rate)
		}
		r.grown(s.shape, page.name+" p99", float64(mine.p99.Microseconds())/1000, "ms")
		r.grown(s.shape, page.name+" cost", 1e6/mine.rate, "us")
		r.add(s.shape+" "+page.name+" size", float64(mine.size)/1024, "KiB", 0)
	}
	return nil
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
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) > 3 && f[2] == "pr" {
			return f[3]
		}
	}
	return ""
}
