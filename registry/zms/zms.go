// SPDX-License-Identifier: EUPL-1.2

// Package zms asks ZMS, the appointment system of several German cities
// (it-at-m/eappointment), for appointments and tells it who has arrived.
//
// It speaks the part of ZMS's API that its public repository describes:
//
//	GET  process/{id}/{authKey}/     an appointment, to whoever has its number and key
//	POST process/status/queued/      the same appointment, now in the queue; needs an account (X-AuthKey)
package zms

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Why ZMS does not do what it is asked for. A caller that meets ErrAway asks again later.
var (
	ErrNotFound = errors.New("zms has no such appointment")
	ErrKey      = errors.New("key of the appointment is wrong")
	ErrRights   = errors.New("zms does not let this account do that, or its session is over")
	ErrState    = errors.New("appointment is not confirmed in zms")
	ErrAway     = errors.New("zms does not answer")
)

// Limits of one question.
const (
	patience      = 10 * time.Second // from the first byte to the last
	dialPatience  = 5 * time.Second
	longestAnswer = 1 << 20 // bytes; a process with all that belongs to it has about 10 kB
)

// Client asks one ZMS. It is safe for concurrent use.
type Client struct {
	address string // ends with a slash
	token   func() string
	http    *http.Client
}

// New gives a client of the ZMS whose API is at address, an https address such as
// "https://zms.example.org/terminvereinbarung/api/2/". token gives the X-AuthKey of
// an account that is signed in, which changes with its sessions; without one, or with an empty
// one, nothing can be marked. roots are whom the server's certificate must be of, nil for the
// machine's own list.
func New(address string, token func() string, roots *x509.CertPool) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("zms: the address must be https://host/path/ of its API")
	}
	transport := &http.Transport{
		Proxy:           http.ProxyFromEnvironment,
		DialContext:     (&net.Dialer{Timeout: dialPatience}).DialContext,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}, TLSHandshakeTimeout: dialPatience,
		IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	if token == nil {
		token = func() string { return "" }
	}
	return &Client{
		address: strings.TrimSuffix(u.String(), "/") + "/", token: token,
		http: &http.Client{
			Transport: transport, Timeout: patience,
			// An address with a key in it goes to nobody else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// String names the server.
func (c *Client) String() string { return c.address }

// What an appointment's number and key look like. Both stand in an address.
var (
	idPattern  = regexp.MustCompile(`^[0-9]{1,18}$`)
	keyPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
)

// Lookup gives the appointment with that number and key. Errors are ErrNotFound,
// ErrKey and ErrAway, or say that ZMS answers something else.
func (c *Client) Lookup(ctx context.Context, id, authKey string) (Process, error) {
	if !idPattern.MatchString(id) {
		return Process{}, fmt.Errorf("look up appointment: %w", ErrNotFound)
	}
	if !keyPattern.MatchString(authKey) {
		return Process{}, fmt.Errorf("look up appointment: %w", ErrKey)
	}
	p, err := c.process(ctx, http.MethodGet, "process/"+id+"/"+authKey+"/?resolveReferences=1", id, nil)
	if err != nil {
		return Process{}, fmt.Errorf("look up appointment: %w", err)
	}
	return p, nil
}

// Arrived puts the citizen of a confirmed appointment into ZMS's queue, as of at.
// Who is in it already, was called or has been served stays as they are. Errors
// are those of Lookup, ErrRights and ErrState.
func (c *Client) Arrived(ctx context.Context, id, authKey string, at time.Time) (Process, error) {
	p, err := c.Lookup(ctx, id, authKey)
	if err != nil || p.Came() {
		return p, err
	}
	if p.Status != "confirmed" {
		return Process{}, fmt.Errorf("mark as arrived: %w", ErrState)
	}
	if c.token() == "" || p.reduced {
		return Process{}, fmt.Errorf("mark as arrived: %w", ErrRights)
	}
	body, err := p.arrived(at)
	if err != nil {
		return Process{}, fmt.Errorf("mark as arrived: %w", err)
	}
	p, err = c.process(ctx, http.MethodPost, "process/status/queued/", id, body)
	if err == nil && !p.Came() {
		err = errAnswer
	}
	if err != nil {
		return Process{}, fmt.Errorf("mark as arrived: %w", err)
	}
	return p, nil
}

// process sends a question and reads the process of the answer.
func (c *Client) process(ctx context.Context, method, path, id string, body []byte) (Process, error) {
	q, err := http.NewRequestWithContext(ctx, method, c.address+path, bytes.NewReader(body))
	if err != nil {
		return Process{}, errors.New("zms: the address is wrong") // err repeats the key
	}
	q.Header.Set("Accept", "application/json")
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if token := c.token(); token != "" {
		q.Header.Set("X-AuthKey", token)
	}
	a, err := c.http.Do(q)
	if err != nil {
		return Process{}, away(err)
	}
	defer a.Body.Close()
	data, err := io.ReadAll(io.LimitReader(a.Body, longestAnswer+1))
	if err != nil {
		return Process{}, away(err)
	}
	if len(data) > longestAnswer {
		return Process{}, errAnswer
	}
	var m message
	parsed := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &m)
	if err := refusal(method, a.StatusCode, m); err != nil {
		return Process{}, err
	}
	if parsed != nil {
		return Process{}, errAnswer
	}
	return parseProcess(m, id)
}

// away keeps the cause of a failed question without its address, which holds the key.
func away(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return fmt.Errorf("%w: %w", ErrAway, err)
}

// refusal is why an answer is none. ZMS names its reasons by the classes of its
// exceptions, and its meta data may speak of an error where the status does not.
func refusal(method string, status int, m message) error {
	exception := string(m.Meta.value.Exception)
	switch {
	case strings.HasSuffix(exception, "AuthKeyMatchFailed"), status == http.StatusForbidden && method == http.MethodGet:
		return ErrKey
	case strings.HasSuffix(exception, "ProcessNotFound"), status == http.StatusNotFound:
		return ErrNotFound
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return ErrRights
	case status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("%w: status %d", ErrAway, status)
	case status != http.StatusOK, m.Meta.value.Error.yes():
		return fmt.Errorf("zms refuses with status %d", status)
	}
	return nil
}
