// SPDX-License-Identifier: EUPL-1.2

package letter

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/ui/browsertest"
)

// TestLook: axe-core finds nothing in any letter, on a phone's screen, from left to
// right and from right to left; nothing runs over the edge, and the code is a
// picture with a name.
func TestLook(t *testing.T) {
	storetest.FileOnly(t)
	axe, ctx := browsertest.Axe(t), browsertest.Open(t, 360, 640, 2*time.Minute)
	page := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) }))
	defer server.Close()
	w := newTown(t)
	for _, language := range []string{"de-easy", "ar"} {
		for _, m := range w.all(t, language) {
			l := w.writes(t, m)
			page = l.HTML
			for _, f := range l.Pictures { // as a mail program shows it
				page = strings.ReplaceAll(page, "cid:"+f.Name, "data:"+f.Type+";base64,"+base64.StdEncoding.EncodeToString(f.Data))
			}
			browsertest.Do(t, ctx, chromedp.Navigate(server.URL))
			browsertest.Ask[bool](t, ctx, axe+"; true")
			for _, found := range browsertest.Ask[[]string](t, ctx, browsertest.Judge) {
				t.Errorf("%s in %s: %s", m.Kind, language, found)
			}
			if wide := browsertest.Ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > 360 {
				t.Errorf("%s in %s is %d pixels wide", m.Kind, language, wide)
			}
			if seen := browsertest.Ask[int](t, ctx, `[...document.images].filter(i => i.naturalWidth === 294 && i.alt).length`); seen != len(l.Pictures) {
				t.Errorf("%s in %s shows %d pictures, want %d", m.Kind, language, seen, len(l.Pictures))
			}
		}
	}
}
