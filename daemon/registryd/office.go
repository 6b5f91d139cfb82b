// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/registry/alert"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/registry/clockwork"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/registry/fleet"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/queue"
	"github.com/fotobox-project/fotobox/registry/retention"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/visits"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// An office is all parts of the program on its store.
type office struct {
	settings Settings
	log      *slog.Logger
	keys     *devices.Keys
	store    *store.Store
	book     *book.Book
	clerks   *clerks.Clerks
	devices  *devices.Devices
	fleet    *fleet.Fleet
	inbox    *inbox.Inbox
	visits   *visits.Visits
	queue    *queue.Queue
	keeper   *retention.Keeper
	alerts   *alert.Alerts  // nil: nobody is told
	told     *post.Box      // what they tell
	letters  *post.Box      // what citizens are told; nil: nothing
	wishes   *wishes.Wishes // nil: nobody is told of anything

	clockwork *clockwork.Clockwork
}

// open makes the parts; none of them runs yet.
func open(ctx context.Context, s Settings, log *slog.Logger) (*office, error) {
	limits, err := retention.Limits(s.Keep)
	if err != nil {
		return nil, err
	}
	keys, err := devices.Load(s.State)
	if err != nil {
		return nil, err
	}
	where, err := s.where()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, where)
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, log: log, keys: keys, store: db}
	o.book = book.New(db, keys.Office, keys.Appointment)
	o.clerks = clerks.New(db, audit.Append)
	o.devices = devices.New(db, keys, log)
	o.devices.Day = o.day
	o.devices.Addresses = s.Stations
	o.fleet = fleet.New(o.devices, db, log)
	o.fleet.Zone = book.Zone()
	o.devices.Operation = o.fleet.Operation
	o.inbox = inbox.New(db, keys.Receipt, []age.Identity{keys.Ring}, log)
	o.inbox.Handover = s.Handover.on()
	o.visits = visits.New(db, log)
	o.queue = o.newQueue()
	o.inbox.Delivered = func(ctx context.Context, tx *sql.Tx, i inbox.Item) error {
		return o.queue.Delivered(ctx, tx, i.Appointment, "device:"+i.Device, i.ReceivedAt)
	}
	o.devices.Place = o.queue.Place
	o.keeper = retention.New(db, o.inbox, limits, log)
	if o.alerts, err = o.newAlerts(); err == nil {
		o.letters, err = o.newLetters()
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	o.wishes = o.newWishes()
	o.clockwork = clockwork.New(log, o.jobs()...)
	return o, nil
}

// with opens the office that the arguments name for the length of do.
func with(ctx context.Context, c *command.Call, do func(*office) error) error {
	s, err := configured(c)
	if err != nil {
		return err
	}
	o, err := open(ctx, s, logTo(c.Stderr))
	if err != nil {
		return err
	}
	defer o.close()
	return do(o)
}

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

func (o *office) close() {
	if err := o.store.Close(); err != nil {
		o.log.Error("close store", "err", err)
	}
}

// daysAhead is how many days of appointments a station knows by their typed
// codes: a photo lives four days, so that nobody comes earlier.
const daysAhead = 5

// day is what stations must know of the book now: the typed codes, as hashes,
// with the signed codes that they stand for.
func (o *office) day(ctx context.Context, now time.Time) (enrolment.Day, error) {
	key, err := o.keys.DayKey(now.In(book.Zone()))
	if err != nil {
		return enrolment.Day{}, err
	}
	d := enrolment.Day{DayKey: key, Revoked: []enrolment.Revocation{}, Typed: []enrolment.Typed{}}
	revoked, err := o.book.Revocations(ctx, now)
	if err != nil {
		return enrolment.Day{}, err
	}
	for _, r := range revoked {
		d.Revoked = append(d.Revoked, enrolment.Revocation{Appointment: r.ID.String(), Revision: r.Revision, Reason: string(r.Reason)})
	}
	for i := range daysAhead {
		list, err := o.book.List(ctx, now.AddDate(0, 0, i))
		if err != nil {
			return enrolment.Day{}, err
		}
		for _, a := range list {
			code, err := o.book.Code(a)
			if err != nil {
				return enrolment.Day{}, err
			}
			hmac := a.Terminkennung.HMAC(key)
			d.Typed = append(d.Typed, enrolment.Typed{HMAC: hmac[:], Code: code.String()})
		}
	}
	return d, nil
}

// initOffice makes the keys of a new office.
func initOffice(_ context.Context, c *command.Call) error {
	number := c.Flags.String("office", "", "Amtlicher Gemeindeschlüssel, 8 digits")
	name := c.Flags.String("name", "", "the office's name, as people know it")
	protect, fd := c.Flags.Bool("protect", false, "put office.key under a passphrase"), passphraseFlag(c)
	s, err := configured(c)
	if err != nil {
		return err
	}
	ags, err := appointment.ParseOffice(*number)
	if err != nil {
		return fmt.Errorf("-office: %w", err)
	}
	secret := ""
	if *protect || *fd >= 0 {
		if secret, err = passphrase(*fd, c.Stderr, "New passphrase of office.key: "); err != nil {
			return err
		}
	}
	if err := devices.InitProtected(s.State, ags, *name, secret); err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "The keys of %s are in %s/keys.\nMove escrow.key to a safe place off this machine, and keep a copy of the rest.\n", *name, s.State)
	return nil
}

// invite prints a one-time code with which a station enrols.
func invite(ctx context.Context, c *command.Call) error {
	return with(ctx, c, func(o *office) error {
		i, err := o.devices.Invite(ctx, account(), o.settings.Device, time.Now())
		if err != nil {
			return err
		}
		qr, err := appointment.QRText(i.String())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.Stdout, "%s\n%s\n\nValid once, for 15 minutes. At the station: stationd enrol CODE\n", qr, i)
		return nil
	})
}

// verify walks through the whole record.
func verify(ctx context.Context, c *command.Call) error {
	return with(ctx, c, func(o *office) error {
		n, err := audit.Verify(ctx, o.store)
		if err != nil {
			return err
		}
		_, last, err := audit.Head(ctx, o.store)
		if err != nil {
			return err
		}
		// Compared with a copy kept elsewhere, the hash shows that nothing was cut off.
		fmt.Fprintf(c.Stdout, "The record is whole: %d entries, the last one is %s\n", n, last)
		return nil
	})
}

// account is who runs a command, for the record.
func account() string {
	if name := os.Getenv("SUDO_USER"); name != "" {
		return "account " + name
	}
	return fmt.Sprintf("account %d", os.Getuid())
}
