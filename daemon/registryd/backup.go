// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/fotobox-project/fotobox/internal/command"
	"github.com/fotobox-project/fotobox/internal/durable"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/backup"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/post"
	"github.com/fotobox-project/fotobox/registry/retention"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// backUp writes a sealed backup into a folder, where it removes those whose time
// is over, or into a new file.
func backUp(ctx context.Context, c *command.Call) error {
	photos := c.Flags.Bool("captures", false, "put the sealed captures into it, too")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 1)
		if err != nil {
			return err
		}
		now := time.Now().UTC().Truncate(time.Second)
		h := backup.Head{Office: o.keys.Office.String(), Made: now, Until: now.Add(backup.Lifetime), Captures: *photos}
		folder, name := filepath.Split(filepath.Clean(words[0]))
		info, err := os.Stat(words[0])
		switch {
		case err == nil && info.IsDir():
			folder, name = words[0], backupName(h)
		case err == nil:
			return fmt.Errorf("back up: %s is there already", words[0])
		}
		if err := o.backUpInto(ctx, filepath.Clean(folder), name, h); err != nil {
			return err
		}
		fmt.Fprintf(c.Stdout, "%s\nDelete it on %s at the latest.\n", filepath.Join(folder, name), stamp(h.Until))
		return nil
	})
}

// Parts of the name of a backup in a folder; the last is its end, in UTC.
const (
	backupStart, backupUntil, backupEnd = "fotobox-", "-until-", ".age"
	backupTime                          = "20060102T150405Z"
)

func backupName(h backup.Head) string {
	return backupStart + h.Office + "-" + h.Made.Format(backupTime) + backupUntil + h.Until.Format(backupTime) + backupEnd
}

// backUpInto writes into the record first that a copy is made, so that there is
// none that it does not know.
func (o *office) backUpInto(ctx context.Context, folder, name string, h backup.Head) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	dir := &durable.Dir{Root: root}
	defer dir.Close()
	if err := removeEnded(dir, h.Office, h.Made); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	recipients, err := envelope.ParseRecipients(o.keys.Ring.Recipients())
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	err = o.note(ctx, audit.Entry{At: h.Made, Actor: account(), Action: "backed-up", Subject: "backup:" + h.Made.Format(backupTime), Detail: contents(h)})
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	done := make(chan struct{})
	go func() {
		w.CloseWithError(backup.Write(ctx, w, o.store, h, o.keys.CA, recipients))
		close(done)
	}()
	err = dir.Write(name, r)
	r.Close() // where the disk was full, the writer still writes
	<-done
	return err
}

// contents says in a word or two what a backup holds.
func contents(h backup.Head) string {
	what := "without captures"
	if h.Captures {
		what = "with sealed captures"
	}
	return what + ", until " + h.Until.Format(backupTime)
}

// removeEnded removes the office's backups whose time is over, and what a backup
// that was killed left.
func removeEnded(dir *durable.Dir, office string, now time.Time) error {
	entries, err := fs.ReadDir(dir.Root.FS(), ".")
	for _, e := range entries {
		name, left := strings.CutPrefix(e.Name(), ".")
		if !strings.HasPrefix(name, backupStart+office+"-") {
			continue
		}
		_, text, _ := strings.Cut(name, backupUntil)
		text, _, _ = strings.Cut(text, ".")
		until, parseErr := time.Parse(backupTime, text)
		if parseErr == nil && (left || !now.Before(until)) {
			err = errors.Join(err, dir.Remove(e.Name()))
		}
	}
	return err
}

// restore brings a backup back into an empty database.
func restore(ctx context.Context, c *command.Call) error {
	fd, key := passphraseFlag(c), c.Flags.String("key", "", "file with the escrow identity, where office.key is lost")
	return with(ctx, c, func(o *office) error {
		words, err := c.Words(1, 1)
		if err != nil {
			return err
		}
		ids, err := o.identities(*key, *fd, c.Stderr)
		if err != nil {
			return err
		}
		f, err := os.Open(words[0])
		if err != nil {
			return err
		}
		defer f.Close()
		said, err := o.restore(ctx, f, ids, time.Now())
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.Stdout, said)
		return err
	})
}

// identities are the office's own, or the one in the file.
func (o *office) identities(keyFile string, fd int, stderr io.Writer) ([]age.Identity, error) {
	if keyFile == "" {
		return []age.Identity{o.keys.Ring}, o.unlock(fd, stderr)
	}
	return readIdentities(keyFile)
}

// restore erases what is due before anybody else sees it, and says what was done.
func (o *office) restore(ctx context.Context, file io.ReadSeeker, ids []age.Identity, now time.Time) (said string, err error) {
	limits, err := retention.Limits(o.settings.Keep)
	if err != nil {
		return "", err
	}
	from := backup.Office{Number: o.keys.Office.String(), Notary: o.keys.CA, Identities: ids}
	_, err = backup.Restore(ctx, file, o.store, from, func(tx *sql.Tx, h backup.Head) error {
		due, bare, err := inbox.Settle(ctx, tx, now)
		if err != nil {
			return err
		}
		more, err := retention.Erase(ctx, tx, limits, now)
		if err = errors.Join(err, post.Settle(ctx, tx)); err != nil {
			return err
		}
		said = fmt.Sprintf("The office is as it was on %s. Erased, because their time is over: %d captures, %d others. Captures that were not in the backup: %d.\nStations and clerks that were shut out since then are let in again: look through the lists.\n",
			stamp(h.Made), due, more, bare)
		return audit.Append(ctx, tx, audit.Entry{At: now, Actor: account(), Action: "restored", Subject: "backup:" + h.Made.Format(backupTime), Detail: contents(h)})
	})
	return said, err
}
