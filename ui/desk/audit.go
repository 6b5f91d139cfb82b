// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/retention"
)

// Officer has what the data-protection officer reads.
type Officer interface {
	// Record gives at most n entries below the number before, the newest first.
	Record(ctx context.Context, before, n int) ([]audit.Numbered, error)
	Report(ctx context.Context, now time.Time) (retention.Report, error)
}

var _ Officer = (*retention.Keeper)(nil)

// perPage is how many entries of the record a page shows.
const perPage = 50

// auditPage is one page of the record. The first one comes with the report.
type auditPage struct {
	Entries []audit.Numbered
	Older   int // the next page's number, 0 on the last
	Report  *retention.Report
}

// audit shows the record and what is kept for how long. Both know citizens by
// random numbers only.
func (d *desk) audit(w http.ResponseWriter, r *http.Request, _ string) (err error) {
	before, p := 0, auditPage{}
	if text := r.FormValue("before"); text != "" {
		if before, err = strconv.Atoi(text); err != nil || before < 1 {
			return errNothing
		}
	} else {
		report, err := d.Officer.Report(r.Context(), time.Now())
		if err != nil {
			return err
		}
		p.Report = &report
	}
	if p.Entries, err = d.Officer.Record(r.Context(), before, perPage+1); err != nil {
		return err
	}
	if len(p.Entries) > perPage {
		p.Entries = p.Entries[:perPage]
		p.Older = p.Entries[perPage-1].Number
	}
	return d.show(w, r, "audit", http.StatusOK, p)
}
