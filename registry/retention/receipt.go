// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
)

// A Receipt says what was erased, when and why, in the audit chain. It holds
// nothing of a person.
type Receipt struct {
	Class  string    `json:"class"`
	At     time.Time `json:"at"`
	Count  int       `json:"count"`
	Oldest time.Time `json:"oldest"` // the day of the oldest that was erased, as the class counts
	Why    string    `json:"why"`
}

// entry is the receipt as a line of the record.
func (r Receipt) entry() audit.Entry {
	return audit.Entry{
		At: r.At, Actor: "office", Action: "erased", Subject: "class:" + r.Class,
		Detail: fmt.Sprintf("%d, oldest %s: %s", r.Count, r.Oldest.UTC().Format(time.DateOnly), r.Why),
	}
}

// parseReceipt reads a receipt from a line of the record. A capture's own line
// is the receipt for one photo. Other lines are no receipts.
func parseReceipt(e audit.Entry) (r Receipt, ok bool) {
	if e.Action == "forgotten" && strings.HasPrefix(e.Subject, "capture:") {
		return Receipt{Class: "photo", At: e.At, Count: 1, Why: e.Detail}, true
	}
	class, ok := strings.CutPrefix(e.Subject, "class:")
	if e.Action != "erased" || !ok {
		return Receipt{}, false
	}
	count, rest, _ := strings.Cut(e.Detail, ", oldest ")
	day, why, _ := strings.Cut(rest, ": ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return Receipt{}, false
	}
	oldest, err := time.Parse(time.DateOnly, day)
	return Receipt{Class: class, At: e.At, Count: n, Oldest: oldest, Why: why}, err == nil
}
