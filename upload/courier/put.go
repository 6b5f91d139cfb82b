// SPDX-License-Identifier: EUPL-1.2

package courier

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/envelope"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

const (
	// maxAnswer is the largest body of an answer that is read, in bytes.
	maxAnswer = 64 << 10
	// maxReason is the longest reason of a refusal that is kept, in bytes.
	maxReason = 500
)

// An answer settles an item: it has either a receipt or a refusal.
type answer struct {
	receipt []byte
	refusal string
}

// A busyError is the office's word that it cannot take anything now; retryAfter is 0 when it did
// not say how long.
type busyError struct {
	err        error
	retryAfter time.Duration
}

func (e *busyError) Error() string { return e.err.Error() }

// put asks the office to take the item (office.md, delivery).
func (c *Courier) put(ctx context.Context, item outbox.Item) (answer, error) {
	body, size, err := c.Box.Reader(item)
	if err != nil {
		return answer{}, err
	}
	defer body.Close()
	digest, err := digestOf(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, c.Office.JoinPath("v1", "captures", item.Capture.String()).String(), nil)
	if err != nil {
		return answer{}, err
	}
	// Every attempt reads the envelope from its start, though the one before may not have ended yet.
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(body, 0, size)), nil }
	req.Body, _ = req.GetBody()
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/age")
	req.Header.Set("Content-Digest", digest)
	req.Header.Set("If-None-Match", "*")
	req.Header.Set("Fotobox-Appointment", item.Appointment.String())
	resp, err := c.client().Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	return c.read(resp, item, digest)
}

// client is the station's, which does not follow redirects: an envelope goes to the office and nowhere else.
func (c *Courier) client() *http.Client {
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func digestOf(body io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, body); err != nil {
		return "", fmt.Errorf("hash envelope: %w", err)
	}
	return envelope.Digest([sha256.Size]byte(h.Sum(nil))), nil
}

// read decides what the office's answer means.
func (c *Courier) read(resp *http.Response, item outbox.Item, digest string) (answer, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("read answer: %w", err)
	}
	switch resp.StatusCode {
	case http.StatusCreated, http.StatusOK:
		if err := c.verify(body, item, digest); err != nil {
			return answer{}, err
		}
		return answer{receipt: body}, nil
	case http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		if ofClocks(problem.Read(body)) {
			return answer{}, fmt.Errorf("%s: the clocks of station and office differ: set the one that is wrong", reason(resp.StatusCode, body))
		}
		return answer{refusal: reason(resp.StatusCode, body)}, nil
	case http.StatusServiceUnavailable, http.StatusInsufficientStorage, http.StatusTooManyRequests:
		err := errors.New(reason(resp.StatusCode, body))
		return answer{}, &busyError{err, retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	}
	return answer{}, errors.New(reason(resp.StatusCode, body))
}

// verify demands the office's signature under this very envelope.
func (c *Courier) verify(body []byte, item outbox.Item, digest string) error {
	var r envelope.Receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if r.ID != item.Capture {
		return errors.New("receipt: it is another capture's")
	}
	if r.Digest != digest {
		return errors.New("receipt: it is of other bytes")
	}
	return r.Verify(c.ReceiptKey())
}

// ofClocks reports whether the office refused a capture for its time alone: once the clock that is
// wrong has been set it will be taken, or has expired here as well.
func ofClocks(p problem.Problem) bool {
	return p.Type == "urn:fotobox:problem:capture-in-future" || p.Type == "urn:fotobox:problem:capture-expired"
}

// reason returns the status and, when the answer is a problem (RFC 9457), its title and detail.
func reason(status int, body []byte) string {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	p := problem.Read(body)
	for _, part := range []string{p.Title, p.Detail} {
		if part != "" {
			text += ": " + part
		}
	}
	for len(text) > maxReason {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// retryAfter reads the header's seconds or date (RFC 9110, 10.2.3); 0 when it says nothing sensible.
func retryAfter(header string, now time.Time) time.Duration {
	var d time.Duration
	if s, err := strconv.Atoi(header); err == nil {
		d = time.Duration(min(s, int(longestRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), longestRetryAfter)
}
