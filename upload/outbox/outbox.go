// SPDX-License-Identifier: EUPL-1.2

// Package outbox keeps sealed envelopes on disk until the office has them.
//
// An envelope's folder is its state, and one rename is its transition:
//
//	tmp/      being written; swept at Open
//	new/      complete and on stable storage, waiting to be sent
//	sent/     receipts of envelopes that the office holds
//	refused/  envelopes that the office does not want, each beside the reason
//
// and the file ballast, which is given up when a full disk has no room for a receipt.
package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/fotobox-project/fotobox/internal/durable"
)

// ErrFull says that the disk has no room for the envelope. What is stored already is untouched.
var ErrFull = errors.New("the disk is full; free some space, or exchange the card")

const (
	tmpDir     = "tmp"
	newDir     = "new"
	sentDir    = "sent"
	refusedDir = "refused"

	receiptSuffix = ".receipt"
	reasonSuffix  = ".reason"

	ballast = "ballast"
	// ballastSize is the room for a receipt or reason, and for the folder's growth, in bytes.
	ballastSize = 64 << 10
)

// An Outbox is a directory of envelopes. Its methods may be called by several goroutines,
// but each item's transitions by one at a time. One process at a time may have it open.
type Outbox struct {
	dir *durable.Dir
}

// Open opens the outbox below path, makes what is missing and finishes what a power cut interrupted.
func Open(path string) (*Outbox, error) {
	dir, err := durable.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open outbox: %w", err)
	}
	o, err := open(dir)
	if err != nil {
		return nil, fmt.Errorf("open outbox: %w", errors.Join(err, dir.Close()))
	}
	return o, nil
}

// Close releases the directory.
func (o *Outbox) Close() error { return o.dir.Close() }

// open makes the folders, sweeps half-written files and finishes what Sent and Refuse began.
func open(dir *durable.Dir) (*Outbox, error) {
	o := &Outbox{dir}
	for _, d := range []string{tmpDir, newDir, sentDir, refusedDir} {
		if err := o.dir.Mkdir(d); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(o.sweep(), o.dir.Sweep(".")); err != nil {
		return nil, err
	}
	items, err := o.list(newDir)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if !o.settled(i) {
			continue
		}
		if err := o.dir.Remove(path.Join(newDir, i.String())); err != nil {
			return nil, err
		}
	}
	o.stow()
	return o, nil
}

func (o *Outbox) sweep() error {
	entries, err := fs.ReadDir(o.dir.Root.FS(), tmpDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := o.dir.Remove(path.Join(tmpDir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Put stores the envelope that r reads. When Put returns nil, the envelope survives a power cut;
// when it returns an error, the envelope will not be sent. A full disk gives ErrFull, an item
// that is here already, in any folder, fs.ErrExist.
//
//	open(tmp/ITEM, O_WRONLY|O_CREAT|O_EXCL), write..., fsync, close
//	rename(tmp/ITEM, new/ITEM)
//	fsync(new), fsync(tmp)
func (o *Outbox) Put(item Item, sealed io.Reader) error {
	if err := item.check(); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if o.known(item) {
		return fmt.Errorf("put %s: %w", item.Capture, fs.ErrExist)
	}
	if err := o.place(newDir, item.String(), sealed); err != nil {
		return fmt.Errorf("put %s: %w", item.Capture, full(err))
	}
	return nil
}

// Sent keeps the office's receipt and then removes the envelope. On a disk so full that not even
// the ballast makes room it is the other way round: the office has the envelope, whose room is the
// receipt's.
//
//	open(tmp/RECEIPT, O_WRONLY|O_CREAT|O_EXCL), write..., fsync, close
//	rename(tmp/RECEIPT, sent/RECEIPT)
//	fsync(sent), fsync(tmp)
//	unlink(new/ITEM)
//	fsync(new)
func (o *Outbox) Sent(item Item, receipt []byte) error {
	kept := o.note(sentDir, item.stem()+receiptSuffix, receipt)
	if kept != nil && !errors.Is(kept, ErrFull) {
		return fmt.Errorf("keep receipt of %s: %w", item.Capture, kept)
	}
	if err := o.dir.Remove(path.Join(newDir, item.String())); err != nil {
		return fmt.Errorf("remove sent %s: %w", item.Capture, err)
	}
	if kept != nil {
		if err := o.note(sentDir, item.stem()+receiptSuffix, receipt); err != nil {
			return fmt.Errorf("keep receipt of %s: %w", item.Capture, err)
		}
	}
	o.stow()
	return nil
}

// Refuse keeps the reason and sets the envelope aside: it is not sent again. A full disk may have
// room for the move alone.
//
//	open(tmp/REASON, O_WRONLY|O_CREAT|O_EXCL), write..., fsync, close
//	rename(tmp/REASON, refused/REASON)
//	fsync(refused), fsync(tmp)
//	rename(new/ITEM, refused/ITEM)
//	fsync(refused), fsync(new)
func (o *Outbox) Refuse(item Item, reason string) error {
	if err := o.note(refusedDir, item.stem()+reasonSuffix, []byte(reason)); err != nil && !errors.Is(err, ErrFull) {
		return fmt.Errorf("keep reason of %s: %w", item.Capture, err)
	}
	if err := o.dir.Rename(path.Join(newDir, item.String()), path.Join(refusedDir, item.String())); err != nil {
		return fmt.Errorf("set aside %s: %w", item.Capture, err)
	}
	return nil
}

// Reader opens the envelope and says its size in bytes. The caller closes it.
func (o *Outbox) Reader(item Item) (*os.File, int64, error) {
	f, err := o.dir.Root.Open(path.Join(newDir, item.String()))
	if err != nil {
		return nil, 0, fmt.Errorf("read %s: %w", item.Capture, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("read %s: %w", item.Capture, errors.Join(err, f.Close()))
	}
	return f, info.Size(), nil
}

// place writes a file below tmp and renames it into the folder. After an error it is in neither.
func (o *Outbox) place(folder, name string, r io.Reader) error {
	tmp, final := path.Join(tmpDir, name), path.Join(folder, name)
	if err := o.dir.Create(tmp, r); err != nil {
		return err
	}
	if err := o.dir.Rename(tmp, final); err != nil {
		return errors.Join(err, o.dir.Remove(tmp), o.dir.Remove(final))
	}
	return nil
}

// note writes a small file into the folder and gives up the ballast when there is no room for it:
// a receipt that cannot be written would keep its envelope, and so the disk full, until it expires.
func (o *Outbox) note(folder, name string, data []byte) error {
	err := o.place(folder, name, bytes.NewReader(data))
	if !errors.Is(full(err), ErrFull) {
		return err
	}
	if err := o.dir.Remove(ballast); err != nil {
		return err
	}
	return full(o.place(folder, name, bytes.NewReader(data)))
}

// stow puts the ballast back. It is missed only on a disk that is full later, so its error is not ours.
func (o *Outbox) stow() {
	if !o.has(".", ballast) {
		_ = o.dir.Write(ballast, io.LimitReader(zeros{}, ballastSize))
	}
}

func (o *Outbox) has(folder, name string) bool {
	_, err := o.dir.Root.Stat(path.Join(folder, name))
	return err == nil
}

// known reports whether the item is here in any state.
func (o *Outbox) known(item Item) bool {
	return o.has(newDir, item.String()) || o.settled(item)
}

// settled reports whether the item has a receipt or was refused. Its envelope may still lie in new
// as well: a power cut can leave both names of a rename from one folder to another.
func (o *Outbox) settled(item Item) bool {
	return o.has(sentDir, item.stem()+receiptSuffix) || o.has(refusedDir, item.String())
}

// full gives the errors of a full disk the name that callers decide by.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// list returns the folder's envelopes, oldest capture first; a UUIDv7 sorts by its time.
// Other files are nobody's and are left alone.
func (o *Outbox) list(folder string) ([]Item, error) {
	entries, err := fs.ReadDir(o.dir.Root.FS(), folder)
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, e := range entries {
		if i, err := ParseItem(e.Name()); err == nil {
			items = append(items, i)
		}
	}
	return items, nil
}

// stemOf returns the item of a receipt or reason.
func stemOf(name, ending string) (Item, bool) {
	stem, ok := strings.CutSuffix(name, ending)
	if !ok {
		return Item{}, false
	}
	i, err := ParseItem(stem + suffix)
	return i, err == nil
}

// zeros reads as zero bytes for ever.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
