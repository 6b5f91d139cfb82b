// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/chromedp"
)

// heap lists every string in the page's memory, after its garbage is collected.
func (b *browser) heap() []string {
	b.t.Helper()
	var mu sync.Mutex
	var data bytes.Buffer
	if err := chromedp.Listen(b.ctx, func(ev any) {
		if chunk, ok := ev.(*heapprofiler.EventAddHeapSnapshotChunk); ok {
			mu.Lock()
			defer mu.Unlock()
			data.WriteString(chunk.Chunk)
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	for range 2 {
		if _, err := chromedp.Call(b.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
			b.t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(b.ctx, heapprofiler.TakeHeapSnapshot, heapprofiler.TakeHeapSnapshotParams{}); err != nil {
		b.t.Fatal(err)
	}
	var snapshot struct{ Strings []string }
	mu.Lock()
	defer mu.Unlock()
	if err := json.Unmarshal(data.Bytes(), &snapshot); err != nil {
		b.t.Fatal(err)
	}
	return snapshot.Strings
}
