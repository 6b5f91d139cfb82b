// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/hack/lab/emulation"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// victim names the database in the environment of the process to be killed.
const victim = "FOTOBOX_TEST_DELIVER_INTO"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Fprintln(os.Stderr, deliverForever(path))
		os.Exit(1)
	}
	os.Exit(storetest.Both(m).Run())
}

// deliverForever prints the id of every capture once it is receipted.
func deliverForever(path string) error {
	s, err := store.Open(context.Background(), path)
	if err != nil {
		return err
	}
	b := New(s, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), nil, slog.New(slog.DiscardHandler))
	data := append([]byte(magic), make([]byte, 200_000)...)
	digest := envelope.Digest(sha256.Sum256(data))
	for {
		r, _, err := b.Put(context.Background(), "station-1", uuid.Must(uuid.NewV7()), appt, digest, bytes.NewReader(data))
		if err != nil {
			return err
		}
		fmt.Println(r.ID)
	}
}

// TestKilledOfficeKeepsWhatItReceipted kills the process again and again, at
// any moment, on one and the same database.
func TestKilledOfficeKeepsWhatItReceipted(t *testing.T) {
	path := storetest.Where(t)
	receipted := map[string]bool{}
	for range 8 {
		killOne(t, path, receipted)
	}
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b := New(s, nil, nil, slog.New(slog.DiscardHandler))
	list, err := b.Of(t.Context(), appt)
	if err != nil || len(receipted) == 0 || len(list) < len(receipted) {
		t.Fatalf("%d captures kept (%v), %d receipted", len(list), err, len(receipted))
	}
	for _, i := range list {
		delete(receipted, i.ID.String())
	}
	for id := range receipted {
		t.Errorf("capture %s was receipted and is lost", id)
	}
	if n, err := audit.Verify(t.Context(), s); n != len(list) || err != nil {
		t.Errorf("record of %d entries, %v, want %d", n, err, len(list))
	}
}

// TestKilledProgramHoldsNobodyUp: while one program after the other is killed,
// another on the same database takes in what comes, each within a few seconds.
func TestKilledProgramHoldsNobodyUp(t *testing.T) {
	storetest.ServerOnly(t)
	where := storetest.Where(t)
	b, receipted := newBenchAt(t, where), map[string]bool{}
	c := b.capture(t, time.Now(), "accept")
	stop, mine := make(chan struct{}), make(chan []string)
	go func() { mine <- b.deliverUntil(t, stop, c) }()
	for range 4 {
		killOne(t, where, receipted)
	}
	close(stop)
	for _, id := range <-mine {
		receipted[id] = true
	}
	list, err := b.Of(t.Context(), appt)
	for _, i := range list {
		delete(receipted, i.ID.String())
	}
	if len(receipted) != 0 || err != nil {
		t.Errorf("%d captures were receipted and are lost, %v", len(receipted), err)
	}
	if n, err := audit.Verify(t.Context(), b.store); n != len(list) || err != nil {
		t.Errorf("record of %d entries, %v, want %d", n, err, len(list))
	}
}

// deliverUntil gives the ids of what was receipted, the same content each time.
func (b *bench) deliverUntil(t *testing.T, stop <-chan struct{}, c capture) (ids []string) {
	for {
		began := time.Now()
		r, _, err := b.Put(t.Context(), "station-2", uuid.Must(uuid.NewV7()), appt, c.digest, bytes.NewReader(c.sealed))
		if took := time.Since(began); err != nil || took > 5*time.Second {
			t.Errorf("delivery %d took %s, %v", len(ids), took, err)
		}
		ids = append(ids, r.ID.String())
		select {
		case <-stop:
			return ids
		default:
		}
	}
}

// killOne starts the process, waits for its first receipt and kills it within
// the next 30 ms.
func killOne(t *testing.T, path string, receipted map[string]bool) {
	t.Helper()
	c := emulation.Command(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), victim+"="+path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		receipted[lines.Text()] = true
		if n == 0 {
			delay, _ := rand.Int(rand.Reader, big.NewInt(int64(30*time.Millisecond)))
			time.AfterFunc(time.Duration(delay.Int64()), func() { c.Process.Kill() })
		}
	}
	if err := c.Wait(); err == nil {
		t.Error("process ended by itself")
	}
}
