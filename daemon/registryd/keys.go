// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/tar"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/devices"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// tendEvery is how often the running office looks after its keys.
const tendEvery = 10 * time.Second

// keys lists, protects and changes the office's keys.
func keys(ctx context.Context, c *command.Call) error {
	fd, escrow := passphraseFlag(c), c.Flags.String("key", "", "for escrow-open: file with the escrow identity; without it the sealed capture is written")
	s, err := configured(c)
	if err != nil {
		return err
	}
	words, err := c.Words(1, 2)
	if err != nil {
		return err
	}
	k := keyring{c, s, *fd}
	switch what := words[len(words)-1]; {
	case words[0] == "list" && len(words) == 1:
		return k.list()
	case words[0] == "protect" && len(words) == 1:
		return k.protect(ctx)
	case words[0] == "escrow" && len(words) == 1:
		return k.escrow(ctx)
	case words[0] == "escrow-open" && len(words) == 2:
		return k.escrowOpen(ctx, what, *escrow)
	case words[0] == "rotate" && (len(words) == 1 || what == "office"):
		return k.rotateOffice(ctx)
	case words[0] == "rotate" && what == "appointment":
		return k.rotateAppointment(ctx)
	case words[0] == "rotate" && what == "receipt":
		return k.rotateReceipt(ctx)
	}
	return c.Wrong()
}

// keyring is one call of the command.
type keyring struct {
	*command.Call
	settings Settings
	fd       int
}

func (k keyring) list() error {
	list, err := devices.ListKeys(k.settings.State)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(k.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "KEY\tSINCE\tUNTIL\tPASSPHRASE\tUSE")
	for _, f := range list {
		secret := "no"
		if f.Protected {
			secret = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.Name, stamp(f.Since), stamp(f.Until), secret, f.Use)
	}
	return t.Flush()
}

// record writes into the audit chain what was done with a key.
func (k keyring) record(ctx context.Context, action, key, detail string) error {
	o, err := open(ctx, k.settings, logTo(k.Stderr))
	if err != nil {
		return err
	}
	defer o.close()
	return o.note(ctx, audit.Entry{At: time.Now(), Actor: account(), Action: action, Subject: "key:" + key, Detail: detail})
}

func (o *office) note(ctx context.Context, e audit.Entry) error {
	return o.store.Write(ctx, func(tx *sql.Tx) error { return audit.Append(ctx, tx, e) })
}

func (k keyring) protect(ctx context.Context) error {
	secret, err := passphrase(k.fd, k.Stderr, "New passphrase of office.key: ")
	if err == nil {
		err = devices.Protect(k.settings.State, secret)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(k.Stdout, "office.key has a passphrase now. Restart registryd.")
	return k.record(ctx, "key-protected", "office", "")
}

func (k keyring) rotateOffice(ctx context.Context) error {
	recipient, err := devices.RotateSeal(k.settings.State, "", time.Now())
	if errors.Is(err, devices.ErrLocked) {
		var secret string
		if secret, err = passphrase(k.fd, k.Stderr, "Passphrase of office.key: "); err == nil {
			recipient, err = devices.RotateSeal(k.settings.State, secret, time.Now())
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(k.Stdout, "office.key is new. Stations seal for it from their next question on; the old one opens for 96 hours more.")
	return k.record(ctx, "key-rotated", "office", recipient[:24])
}

func (k keyring) rotateAppointment(ctx context.Context) error {
	o, err := open(ctx, k.settings, logTo(k.Stderr))
	if err != nil {
		return err
	}
	last, err := o.book.LastCode(ctx)
	o.close()
	if err != nil {
		return err
	}
	until := time.Now().Add(envelope.Lifetime)
	if last.After(until) {
		until = last
	}
	if err := devices.RotateAppointment(k.settings.State, until); err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "appointment.key is the one that was next. Codes of the old one hold until %s. Restart registryd.\n", stamp(until))
	return k.record(ctx, "key-rotated", "appointment", "")
}

func (k keyring) rotateReceipt(ctx context.Context) error {
	if err := devices.RotateReceipt(k.settings.State); err != nil {
		return err
	}
	fmt.Fprintln(k.Stdout, "receipt.key is new. Restart registryd.")
	return k.record(ctx, "key-rotated", "receipt", "")
}

// escrow makes a new escrow key and prints it, for paper.
func (k keyring) escrow(ctx context.Context) error {
	identity, err := devices.NewEscrow(k.settings.State)
	if err != nil {
		return err
	}
	qr, err := appointment.QRText(identity)
	if err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "%s\n# fotobox escrow key, made %s; keep it in a safe\n%s\n", qr, time.Now().Format(time.DateOnly), identity)
	return k.record(ctx, "key-rotated", "escrow", "")
}

// escrowOpen writes a capture to standard output: sealed, for stock age, or as
// the tar that was in it.
func (k keyring) escrowOpen(ctx context.Context, capture, keyFile string) error {
	id, err := uuid.Parse(capture)
	if err != nil {
		return fmt.Errorf("capture %q: want its id, as the record has it", capture)
	}
	o, err := open(ctx, k.settings, logTo(k.Stderr))
	if err != nil {
		return err
	}
	defer o.close()
	sealed, err := o.inbox.Sealed(ctx, account(), id, time.Now())
	if err != nil {
		return err
	}
	if keyFile == "" {
		_, err = k.Stdout.Write(sealed)
		return err
	}
	return unseal(k.Stdout, sealed, keyFile)
}

// readIdentities reads a file of age identities, such as the escrow key's.
func readIdentities(name string) ([]age.Identity, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

func unseal(w io.Writer, sealed []byte, keyFile string) error {
	identities, err := readIdentities(keyFile)
	if err != nil {
		return err
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identities...)
	if err != nil {
		return fmt.Errorf("open with %s: %w", keyFile, err)
	}
	data, err := io.ReadAll(plain) // age knows at the end only that nothing is missing
	if err != nil {
		return err
	}
	if _, err := tar.NewReader(bytes.NewReader(data)).Next(); err != nil {
		return fmt.Errorf("capture is no tar: %w", err)
	}
	_, err = w.Write(data)
	return err
}

// unlock asks for the passphrase, where there is one.
func (o *office) unlock(fd int, stderr io.Writer) error {
	if !o.keys.Ring.Locked() {
		return nil
	}
	secret, err := passphrase(fd, stderr, "Passphrase of office.key: ")
	if err != nil {
		return err
	}
	return o.keys.Ring.Unlock(secret)
}

// tendKeys follows the keys until ctx ends, and records which were removed.
func (o *office) tendKeys(ctx context.Context) error {
	if !o.keys.Ring.Protected() {
		o.log.Warn("office.key has no passphrase: whoever copies the disk can open captures")
	}
	for {
		removed, err := o.keys.Ring.Tend(time.Now())
		if err != nil && !errors.Is(err, durable.ErrLocked) {
			o.log.Error("keys were not looked after, trying again", "err", err)
		}
		for _, name := range removed {
			o.log.Info("retired key removed", "key", name)
			if err := o.note(ctx, audit.Entry{At: time.Now(), Actor: "office", Action: "key-removed", Subject: "key:" + name}); err != nil {
				o.log.Error("removal of a key was not recorded", "key", name, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(tendEvery):
		}
	}
}
