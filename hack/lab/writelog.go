// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

// A writeLog is what QEMU's blklogwrites notes of a disk, in the format of Linux's
// dm-log-writes: each write with its bytes, and each flush, in their order.
type writeLog struct {
	f      *os.File
	sector int64
	left   uint64 // entries
	at     int64  // where the next one stands
}

const (
	logMagic = 0x6a736677736872

	flagFlush, flagFUA, flagDiscard = 1, 2, 4
)

// A logEntry is one request; it has no data when it is a flush or a discard.
type logEntry struct {
	at    int64 // on the disk, in bytes
	size  int64
	flags uint64
	data  int64 // where its bytes stand in the log
}

// openLog reads the log's head.
func openLog(name string) (*writeLog, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	var head struct {
		Magic, Version, Entries uint64
		Sector                  uint32
	}
	err = binary.Read(f, binary.LittleEndian, &head)
	if errors.Is(err, io.EOF) { // the power was cut before the first request
		return &writeLog{f: f}, nil
	}
	if err == nil && (head.Magic != logMagic || head.Version != 1) {
		err = errors.New("it is no log of writes")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	return &writeLog{f: f, sector: int64(head.Sector), left: head.Entries, at: int64(head.Sector)}, nil
}

// next gives the next request, or io.EOF.
func (l *writeLog) next() (logEntry, error) {
	if l.left == 0 {
		return logEntry{}, io.EOF
	}
	l.left--
	var raw struct{ Sector, Sectors, Flags, Length uint64 }
	if err := binary.Read(io.NewSectionReader(l.f, l.at, l.sector), binary.LittleEndian, &raw); err != nil {
		return logEntry{}, err
	}
	l.at += l.sector
	e := logEntry{at: int64(raw.Sector) * l.sector, size: int64(raw.Sectors) * l.sector, flags: raw.Flags, data: l.at}
	if e.flags&flagDiscard == 0 {
		l.at += e.size
	}
	return e, nil
}

// A loss is what a power cut took.
type loss struct{ flushed, kept, torn, lost int }

func (l loss) add(m loss) loss {
	return loss{l.flushed + m.flushed, l.kept + m.kept, l.torn + m.torn, l.lost + m.lost}
}

func (l loss) String() string {
	return fmt.Sprintf("%d writes were flushed; of the others %d reached the disk, %d in part, %d did not", l.flushed, l.kept, l.torn, l.lost)
}

// cut makes of disk, as it was before, what a disk with a write cache would hold
// after its power was cut: all that was flushed, and of what was not, in any order,
// this and that, also half of a write, but whole sectors.
func cut(disk, log string, r *rand.Rand) (did loss, err error) {
	l, err := openLog(log)
	if err != nil {
		return did, err
	}
	defer l.f.Close()
	f, err := os.OpenFile(disk, os.O_RDWR, 0)
	if err != nil {
		return did, err
	}
	defer f.Close()
	var open []logEntry // since the last flush
	for {
		e, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return did, err
		}
		if e.flags&flagFlush != 0 {
			did.flushed += len(open)
			if err := l.apply(f, open...); err != nil {
				return did, err
			}
			open = open[:0]
		}
		if e.size > 0 {
			open = append(open, e)
		}
	}
	rest, err := l.lose(f, open, r)
	return did.add(rest), err
}

func (l *writeLog) apply(f *os.File, list ...logEntry) error {
	for _, e := range list {
		if e.size == 0 || e.flags&flagDiscard != 0 {
			continue
		}
		if _, err := io.Copy(io.NewOffsetWriter(f, e.at), io.NewSectionReader(l.f, e.data, e.size)); err != nil {
			return err
		}
	}
	return nil
}

// lose applies by chance. How much is lost differs from cut to cut, from all to nothing.
func (l *writeLog) lose(f *os.File, list []logEntry, r *rand.Rand) (did loss, err error) {
	keep := r.IntN(5) // of four
	for _, e := range list {
		switch {
		case e.flags&flagFUA != 0: // it was on the disk before its writer went on
		case r.IntN(4) >= keep:
			did.lost++
			continue
		case e.size > l.sector && r.IntN(8) == 0:
			e.size = l.sector * (1 + r.Int64N(e.size/l.sector-1))
			did.torn++
		default:
			did.kept++
		}
		if err := l.apply(f, e); err != nil {
			return did, err
		}
	}
	return did, nil
}
