// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A reel publishes frames at 30 a second, as a camera does. Each frame shows its
// number; when it was published stands in a list beside, so that no frame has to
// be made while the clock runs.
type reel struct {
	album
	mu        sync.Mutex
	published []time.Time // by number, which counts from 1
	next      chan struct{}
}

const (
	reelLength = 256 // numbers begin again after them
	reelBlocks = 8   // one for each bit of a number
)

// numbered are the frames: a person, noise, and at the top two rows of blocks,
// the number and its inverse.
var numbered = sync.OnceValue(func() (frames [][]byte) {
	person, err := jpeg.Decode(bytes.NewReader(paint(480, 640, 0)))
	if err != nil {
		panic(err)
	}
	img := image.NewRGBA(person.Bounds())
	draw.Draw(img, img.Bounds(), person, image.Point{}, draw.Src)
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix { // weighs as much as a picture of a small sensor
		img.Pix[i] = uint8(min(250, int(img.Pix[i])+noise.IntN(12)))
	}
	for n := range reelLength {
		const side = 480 / reelBlocks
		for bit := range reelBlocks {
			for row := range 2 {
				on := n>>bit&1 != row
				c := map[bool]color.Gray{true: {255}, false: {0}}[on]
				draw.Draw(img, image.Rect(bit*side, row*side, (bit+1)*side, (row+1)*side), image.NewUniform(c), image.Point{}, draw.Src)
			}
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
			panic(err)
		}
		frames = append(frames, out.Bytes())
	}
	return frames
})

// turn publishes until ctx ends.
func (r *reel) turn(ctx context.Context) {
	for ticks := time.NewTicker(time.Second / 30); ctx.Err() == nil; <-ticks.C {
		r.mu.Lock()
		r.published = append(r.published, time.Now())
		close(r.next)
		r.next = make(chan struct{})
		r.mu.Unlock()
	}
}

func (r *reel) Preview(ctx context.Context, after uint64) ([]byte, uint64, time.Time, error) {
	for {
		r.mu.Lock()
		number, next := uint64(len(r.published)), r.next
		if number > after {
			taken := r.published[number-1]
			r.mu.Unlock()
			return numbered()[number%reelLength], number, taken, nil
		}
		r.mu.Unlock()
		select {
		case <-next:
		case <-ctx.Done():
			return nil, 0, time.Time{}, ctx.Err()
		}
	}
}

// reading notes at every animation frame which number the canvas shows, and when.
const readingNumbers = `(() => {
	const preview = document.getElementById("preview"), seen = globalThis.seen = [];
	const copy = new OffscreenCanvas(8, 2).getContext("2d", { willReadFrequently: true });
	copy.imageSmoothingEnabled = false;
	let last = -1;
	const read = () => {
		copy.drawImage(preview, 0, 0, 480, 120, 0, 0, 8, 2);
		const { data } = copy.getImageData(0, 0, 8, 2), now = performance.timeOrigin + performance.now();
		let number = 0, inverse = 0;
		for (let bit = 0; bit < 8; bit++) {
			number |= (data[bit * 4] > 127) << bit;
			inverse |= (data[(8 + bit) * 4] > 127) << bit;
		}
		if (number + inverse === 255 && number !== last) seen.push([last = number, now]);
		requestAnimationFrame(read);
	};
	read();
})()`

// burning keeps the page's main thread busy half of the time.
const burning = `(() => {
	const burn = () => {
		for (const end = performance.now() + 10; performance.now() < end; );
		setTimeout(burn, 10);
	};
	burn();
})()`

// BenchmarkPreview measures how long after its publication a frame's pixels can be
// read on the page. -benchtime is how long it looks.
func BenchmarkPreview(b *testing.B) {
	for name, script := range map[string]string{"idle": "undefined", "busy": burning} {
		b.Run(name, func(b *testing.B) {
			r := &reel{next: make(chan struct{})}
			numbered()
			page, g := openFor(b, 2*time.Hour), newStage()
			server := httptest.NewServer(New(g, r, settings()))
			b.Cleanup(server.CloseClientConnections)
			s := atCamera()
			s.Deadline = time.Now().Add(24 * time.Hour)
			g.set(s)
			go r.turn(b.Context())
			page.size(1080, 1920)
			page.do(chromedp.Navigate(server.URL))
			page.until(canvas + " > 0")
			page.do(chromedp.Evaluate[chromedp.Void](script), chromedp.Evaluate[chromedp.Void](readingNumbers))
			for b.Loop() {
				r.mu.Lock()
				next := r.next
				r.mu.Unlock()
				<-next
			}
			r.report(b, ask[[][2]float64](page, "seen"))
		})
	}
}

// report gives the latencies, in ms: their median, their 95th percentile, by how
// much the last tenth is slower than the first, and which part of the frames was shown.
func (r *reel) report(b *testing.B, seen [][2]float64) {
	b.Helper()
	if len(seen) < 20 {
		b.Fatalf("%d frames were seen: look longer (-benchtime)", len(seen))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := func(i int) float64 { return float64(r.published[i-1].UnixMicro()) / 1000 }
	number := len(r.published)
	for number > 1 && (number%reelLength != int(seen[0][0]) || at(number) > seen[0][1]) {
		number-- // the newest frame of this number that was there when the first was seen
	}
	first := number
	var late []float64
	for _, s := range seen {
		number += (int(s[0]) - number%reelLength + reelLength) % reelLength
		late = append(late, s[1]-at(number))
	}
	tenth := len(late) / 10
	growth := median(late[len(late)-tenth:]) - median(late[:tenth])
	sorted := slices.Sorted(slices.Values(late))
	b.ReportMetric(median(late), "median-ms")
	b.ReportMetric(sorted[len(sorted)*95/100], "p95-ms")
	b.ReportMetric(growth, "growth-ms")
	b.ReportMetric(100*float64(len(seen))/float64(number-first+1), "shown-%")
	b.ReportMetric(0, "ns/op")
}

func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

var _ Pictures = (*reel)(nil)
