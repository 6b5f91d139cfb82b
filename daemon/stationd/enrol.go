// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"time"

	"github.com/fotobox-project/fotobox/internal/clock"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/internal/problem"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// maxAnswer bounds what the office may answer, in bytes.
const maxAnswer = 4 << 20

// enrol makes the station's key, has the office certify it over a connection
// that the code alone vouches for, and stores what the office answers.
func enrol(ctx context.Context, c *command.Call) error {
	name := c.Flags.String("name", "", "where the station stands, for the office's list; empty: the host's name")
	s, err := configured(c)
	if err != nil {
		return err
	}
	words, err := c.Words(1, 1)
	if err != nil {
		return err
	}
	invite, err := enrolment.ParseInvite(words[0])
	if err != nil {
		return fmt.Errorf("%w; copy the whole code that \"registryd invite\" printed", err)
	}
	id, err := enrolAt(ctx, s, invite, *name, s.clock())
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "enrolled at %s as %s; the certificate holds until %s and is renewed daily\n",
		id.OfficeName, id.Device, id.NotAfter.Format(time.RFC3339))
	return nil
}

// enrolAt enrols the station of the settings. One that is enrolled already is another station to its
// office then, and keeps all else: what waits in its outbox is delivered by the new certificate.
// Until the office has admitted it nothing of what it has is touched.
func enrolAt(ctx context.Context, s Settings, invite enrolment.Invite, name string, c *clock.Clock) (identity, error) {
	dir, err := durable.Open(s.State)
	if err != nil {
		return identity{}, err
	}
	defer dir.Close()
	unlock, err := dir.Lock()
	if err != nil {
		return identity{}, fmt.Errorf("%w; stop stationd first, or enrol on its maintenance page", err)
	}
	defer func() { _ = unlock() }()
	id, key, err := s.admitted(ctx, dir, invite, name, c)
	if err != nil {
		return identity{}, err
	}
	if err := id.save(dir); err != nil {
		return identity{}, err
	}
	return id, dropKeys(dir, keyName(key.Public()))
}

// admitted makes a key and has the office certify it. The code is worth nothing afterwards: room for
// the answer is looked for before.
func (s Settings) admitted(ctx context.Context, dir *durable.Dir, invite enrolment.Invite, name string, c *clock.Clock) (id identity, key *ecdsa.PrivateKey, err error) {
	if err := s.room().look(); err != nil {
		return id, nil, err
	}
	proxy, err := s.proxyURL()
	if err != nil {
		return id, nil, err
	}
	if name == "" {
		name, _ = os.Hostname() // an office can do without
	}
	if key, err = makeKey(dir); err != nil {
		return id, nil, err
	}
	defer func(made string) {
		if err != nil {
			_ = dir.Remove(made) // nobody has certified it; the next enrolment drops it too
		}
	}(keyName(key.Public()))
	csr, err := request(key)
	if err != nil {
		return id, nil, err
	}
	k := timekeeper{clock: c, since: committed, log: slog.New(slog.DiscardHandler)}
	client := &http.Client{Timeout: askTime, Transport: k.listens(through(&http.Transport{TLSClientConfig: invite.TLS(k.at)}, proxy))}
	defer client.CloseIdleConnections()
	id = identity{Address: invite.Address}
	ask := enrolment.Request{Secret: invite.Secret[:], CSR: csr, Name: name}
	if err := post(ctx, client, "https://"+invite.Address+enrolment.EnrolPath, ask, &id.Answer); err != nil {
		return id, nil, fmt.Errorf("enrol: %w", explained(err))
	}
	_, err = id.understood(key)
	return id, key, err
}

// enrolAgain enrols the running station with a new code of the same office: after that the program
// must start again. With another office's a technician could send photos elsewhere.
func (o *office) enrolAgain(ctx context.Context, s Settings, invite enrolment.Invite, name string) (identity, error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	if is := o.now(); !is.names(invite.CA) {
		return identity{}, errors.New("the code is of another office; on this page a station enrols again at its own only")
	}
	id, key, err := s.admitted(ctx, o.dir, invite, name, o.time.clock)
	if err != nil {
		return identity{}, err
	}
	if err := o.take(id, key); err != nil {
		return identity{}, err
	}
	if err := o.kept(); err != nil {
		return identity{}, err
	}
	return id, dropKeys(o.dir, keyName(key.Public()))
}

// post sends a question as JSON and reads the answer.
func post(ctx context.Context, c *http.Client, url string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	return exchange(c, r, answer)
}

// exchange sends a request and reads its JSON answer; a problem becomes an error
// in the office's words.
func exchange(c *http.Client, r *http.Request, answer any) error {
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the office's answer: %w", err)
	}
	switch resp.StatusCode / 100 {
	case 2:
	case 4:
		return refused{refusal(resp, data), resp.StatusCode}
	default:
		return refusal(resp, data)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("read the office's answer: %w", err)
	}
	return nil
}

// refusal is the office's problem (RFC 9457) as an error, or the bare status of
// a server that does not speak it.
func refusal(resp *http.Response, data []byte) error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	p := problem.Read(data)
	if kind != "application/problem+json" || p.Title == "" {
		return fmt.Errorf("the office answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return fmt.Errorf("the office answers: %w", &p)
}
