// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const (
	// look is the longest time between two looks into the folder, which is all
	// that tells when the registry software has fetched something.
	look = 10 * time.Second
	// rest is how much later the next look is after one that met a fault.
	rest = time.Minute
	// most is how many photos one look offers.
	most = 1000
	// groupReads is the mode of what lies in the folder: the registry software
	// runs as another user of the folder's group.
	groupReads = 0o640
	// byFolder is who retrieves what vanishes from the folder, in the record.
	byFolder = "folder"
)

// The endings of what a hand-over has in the folder. The mark is hidden and says
// that photo and record were both offered: what is marked and has vanished is
// retrieved, and what has no mark, as in a folder that was emptied or is not
// mounted, is offered again.
const (
	photoEnd  = ".jpg"
	recordEnd = ".xml"
	markEnd   = ".offered"
)

// ours matches what a Folder writes, and what a power cut left of it. Other
// files are never touched.
var ours = regexp.MustCompile(`^\.{0,2}([0-9a-f]{16}_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))(\.jpg|\.xml|\.offered)(\.[A-Z2-7]+\.tmp)?$`)

// Folder offers each photo that was taken over, with its record, to a registry
// software that watches a folder. When that has removed both, they count as retrieved.
type Folder struct {
	path  string
	inbox *inbox.Inbox
	log   *slog.Logger
	// step is that of durable.Dir, for tests of power cuts.
	step  func(op string) error
	fault string // what was logged last
}

// NewFolder gives the folder at path, which must be there: whose group may read
// it is for the office to say.
func NewFolder(path string, b *inbox.Inbox, log *slog.Logger) *Folder {
	return &Folder{path: path, inbox: b, log: log}
}

// String names the task.
func (f *Folder) String() string { return "hand-over folder" }

// Run keeps the folder until ctx ends.
func (f *Folder) Run(ctx context.Context) error {
	news := f.inbox.Watch(ctx)
	for {
		next, err := f.Look(ctx, time.Now())
		f.tell(ctx, err)
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		case <-time.After(max(time.Until(next), time.Second)):
		}
	}
}

// tell logs a fault when it begins and when it ends.
func (f *Folder) tell(ctx context.Context, err error) {
	switch fault := plain(err); {
	case fault == f.fault || ctx.Err() != nil:
	case fault == "":
		f.fault = fault
		f.log.Info("hand-over folder works again")
	default:
		f.fault = fault
		f.log.Error("hand-over folder is not kept, trying again", "error", fault)
	}
}

// plain is an error without file names, which lead to appointments.
func plain(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Op + ": " + e.Err.Error()
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Op + ": " + e.Err.Error()
	}
	return err.Error()
}

// Look brings the folder up to date: it offers what waits, notes what was
// fetched and removes what is over at now. It returns when to look again: after a
// fault later, but never after something is over.
//
// What is over by the time in its name is removed even when the store does not answer.
func (f *Folder) Look(ctx context.Context, now time.Time) (next time.Time, err error) {
	ends, err := f.update(ctx, now)
	if next = now.Add(look); err != nil {
		next = next.Add(rest)
	}
	for _, end := range ends {
		if end.After(now) && end.Before(next) {
			next = end
		}
	}
	return next, err
}

// update gives the ends of what waits or lay in the folder.
func (f *Folder) update(ctx context.Context, now time.Time) (ends []time.Time, err error) {
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return nil, fmt.Errorf("hand-over folder: %w", err)
	}
	defer root.Close()
	d := &durable.Dir{Root: root, Step: f.step, Mode: groupReads}
	waiting, listErr := f.inbox.Waiting(ctx, 0, most, now)
	present, err := list(d)
	if err != nil {
		return nil, fmt.Errorf("hand-over folder: %w", errors.Join(listErr, err))
	}
	wanted := map[string]bool{}
	for _, i := range waiting {
		wanted[stem(i)] = true
		ends = append(ends, i.ExpiresAt)
	}
	// What is over goes first: a full disk must not keep it.
	err = f.clear(d, present, func(m []string) bool {
		if listErr != nil {
			end := endOf(m[2])
			ends = append(ends, end)
			return !now.Before(end)
		}
		return !wanted[m[1]] || m[4] != ""
	})
	err = errors.Join(listErr, err)
	for _, i := range waiting {
		kept := f.keep(ctx, d, i, present)
		err = errors.Join(err, kept)
		if _, disk := errors.AsType[*fs.PathError](kept); disk {
			break // each further one would be opened, and recorded, in vain
		}
	}
	return ends, err
}

// list gives the names of ours in the folder.
func list(d *durable.Dir) (map[string]bool, error) {
	entries, err := fs.ReadDir(d.Root.FS(), ".")
	if err != nil {
		return nil, err
	}
	present := map[string]bool{}
	for _, e := range entries {
		if ours.MatchString(e.Name()) {
			present[e.Name()] = true
		}
	}
	return present, nil
}

// clear removes the files for which is holds.
func (f *Folder) clear(d *durable.Dir, present map[string]bool, is func(match []string) bool) (err error) {
	for name := range present {
		if is(ours.FindStringSubmatch(name)) {
			err = errors.Join(err, d.Remove(name))
		}
	}
	return err
}

// endOf is when the capture's life ends, the zero time for what names none.
func endOf(id string) (end time.Time) {
	if capture, err := uuid.Parse(id); err == nil {
		end = envelope.ExpiryOf(capture)
	}
	return end
}

// stem is the name of a hand-over: appointment and capture, both numbers
// without anything personal.
func stem(i inbox.Item) string { return i.Appointment.String() + "_" + i.ID.String() }

// keep offers the photo, or notes that it was fetched.
func (f *Folder) keep(ctx context.Context, d *durable.Dir, i inbox.Item, present map[string]bool) error {
	name := stem(i)
	mark := "." + name + markEnd
	switch {
	case !present[mark]:
		return f.offer(ctx, d, i)
	case present[name+photoEnd] || present[name+recordEnd]:
		return nil
	}
	if err := f.inbox.Retrieved(ctx, byFolder, i.ID); err != nil && !errors.Is(err, inbox.ErrRetrieved) {
		return err
	}
	return d.Remove(mark)
}

// offer writes the photo first: whoever waits for the record finds both.
func (f *Folder) offer(ctx context.Context, d *durable.Dir, i inbox.Item) error {
	o, err := f.inbox.Fetch(ctx, byFolder, "photo and record", i.ID)
	if err != nil {
		return err
	}
	record, err := Record(o)
	if err != nil {
		return err
	}
	name := stem(i)
	if err := d.Write(name+photoEnd, bytes.NewReader(o.Fetched())); err != nil {
		return err
	}
	if err := d.Write(name+recordEnd, bytes.NewReader(record)); err != nil {
		return err
	}
	if err := d.Write("."+name+markEnd, strings.NewReader("")); err != nil {
		return err
	}
	f.log.Info("photo offered in the folder", "capture", i.ID.String())
	return nil
}
