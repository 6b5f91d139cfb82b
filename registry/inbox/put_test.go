// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"crypto/rand"
	"crypto/sha256"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

// BenchmarkPut delivers envelopes of 1.5 MB one after the other over TLS on the
// loopback, each on the disk before its receipt.
func BenchmarkPut(b *testing.B) {
	put := putter(b)
	for b.Loop() {
		put()
	}
}

// BenchmarkPutAtOnce delivers from eight stations at once.
func BenchmarkPutAtOnce(b *testing.B) {
	put := putter(b)
	b.SetParallelism(8 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			put()
		}
	})
}

// putter delivers the same content with a new id each time.
func putter(b *testing.B) func() {
	o := newBench(b)
	server := o.listen(b)
	c := o.capture(b, time.Now(), "accept")
	c.sealed = append([]byte(magic), make([]byte, 1_500_000)...)
	rand.Read(c.sealed[len(magic):])
	c.digest = envelope.Digest(sha256.Sum256(c.sealed))
	b.SetBytes(int64(len(c.sealed)))
	b.ResetTimer()
	return func() {
		next := c
		next.manifest.Capture = uuid.Must(uuid.NewV7())
		r := next.request(b, server.URL)
		r.Header.Set("Station", next.manifest.Capture.String())
		if status, _, _ := send(b, server.Client(), r); status != 201 {
			b.Errorf("answer %d", status)
		}
	}
}
