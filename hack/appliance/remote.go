// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"time"
)

// A remote is a running appliance, spoken to as gok does: by HTTP, with the password of its card.
type remote struct {
	base     string // URL
	password string
	client   *http.Client
	every    time.Duration // between two questions, while it starts
}

// do sends a request and returns the answer's body.
func (r remote) do(ctx context.Context, method, path string, body io.Reader, header ...string) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return nil, err
	}
	q.Close = true // the next question may come after a reboot
	q.SetBasicAuth("gokrazy", r.password)
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	resp, err := r.client.Do(q)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: the appliance answers %s: %.200s", method, path, resp.Status, data)
	}
	return data, err
}

// A running says what runs on an appliance.
type running struct {
	BuildTimestamp string
	Hostname       string
	Kernel         string
	Model          string
	PermTotal      int64
	Services       []struct {
		Path    string
		Stopped bool
		Pid     int
	}
}

// status asks what runs. An appliance that is starting may take a question and never answer.
func (r remote) status(ctx context.Context) (s running, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	data, err := r.do(ctx, http.MethodGet, "/", nil, "Accept", "application/json")
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}

// upload streams a part ("root", "boot", "mbr") and compares the checksum that the
// appliance says it has written.
func (r remote) upload(ctx context.Context, part string, from io.Reader) error {
	sum := crc32.NewIEEE()
	said, err := r.do(ctx, http.MethodPut, "/update/"+part, io.TeeReader(from, sum), "X-Gokrazy-Update-Hash", "crc32")
	if err != nil {
		return fmt.Errorf("upload %s: %w", part, err)
	}
	if got, want := strings.TrimSpace(string(said)), hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("upload %s: the appliance has written %s, want %s; start again, it still runs its old version", part, got, want)
	}
	return nil
}

// post calls one of init's commands.
func (r remote) post(ctx context.Context, path string) error {
	_, err := r.do(ctx, http.MethodPost, path, nil)
	return err
}

// update brings an image's system onto a running appliance and reboots it. The
// inactive root comes first: until the boot partition is overwritten, a cut
// connection or power changes nothing.
func (r remote) update(ctx context.Context, image string) error {
	p, err := openParts(image)
	if err != nil {
		return err
	}
	defer p.close()
	for _, part := range []struct {
		name string
		data io.Reader
	}{{"root", p.root}, {"boot", p.boot}, {"mbr", p.mbr}} {
		if err := r.upload(ctx, part.name, part.data); err != nil {
			return err
		}
	}
	if err := r.post(ctx, "/update/switch"); err != nil {
		return err
	}
	err = r.post(ctx, "/reboot?wait_per_signal=20s")
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil // it was quick
	}
	return err
}

// log is what a program has said last. Init sends it as a stream without an end,
// of which a second is enough.
func (r remote) log(ctx context.Context, program string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/log?stream=stderr&path="+program, nil)
	if err != nil {
		return "", err
	}
	q.SetBasicAuth("gokrazy", r.password)
	resp, err := r.client.Do(q)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body) // ends with the second
	return string(data), nil
}
