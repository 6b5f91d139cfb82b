// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// learnTime asks without a certificate, which the station does not show before somebody has vouched
// for the time: the office says no, and the time.
func (o *office) learnTime(ctx context.Context) error {
	_, err := o.settings(ctx)
	if _, no := errors.AsType[refused](err); err != nil && !no {
		return fmt.Errorf("ask for the time: %w", err)
	}
	o.client.CloseIdleConnections() // the next one shows the certificate
	return nil
}

// renew asks for the next certificate when this one is a day old. One that has ended goes with the
// question: the office takes it for some weeks, so that a station that was switched off comes back.
func (o *office) renew(ctx context.Context) error {
	is := o.now()
	now, _ := o.time.now()
	if ageOf(is.cert, now) <= renewAfter {
		return nil
	}
	csr, err := request(is.key)
	if err != nil {
		return err
	}
	q, id := enrolment.Renewal{CSR: csr}, is.identity
	if !o.holds(is.cert) {
		q.Certificate = id.Certificate.Certificate
	}
	if err := post(ctx, o.client, o.base().JoinPath(enrolment.RenewPath).String(), q, &id.Certificate); err != nil {
		return o.notRenewed(is, now, err)
	}
	if err := o.take(id, is.key); err != nil {
		return err
	}
	o.client.CloseIdleConnections()
	o.log.Info("certificate renewed", "until", id.NotAfter)
	return nil
}

// notRenewed says how it stands with the certificate that could not be renewed.
func (o *office) notRenewed(is understood, now time.Time, err error) error {
	err = enrolAdvice(err)
	if outside := enrolment.Validity(is.cert.Leaf, now); outside != nil {
		return fmt.Errorf("the station's certificate %w; renew certificate: %w", outside, err)
	}
	return fmt.Errorf("renew certificate: %w", err)
}

// enrolAdvice adds the way back to what an office says that does not let the station in.
func enrolAdvice(err error) error {
	if _, no := errors.AsType[refused](err); no {
		return fmt.Errorf("%w; get a code from \"registryd invite\" and enrol the station again: what waits in its outbox is delivered then", err)
	}
	return err
}

// take learns an identity and saves it. One that the disk has no room for is used, and saved later.
func (o *office) take(id identity, key *ecdsa.PrivateKey) error {
	if err := o.learn(id, key); err != nil {
		return err
	}
	o.save()
	return nil
}

// remember saves what was not saved yet. While nobody says the time it saves, once an hour, what has
// surely passed by the station's own count, from which it goes on when it is started again; at other
// times an idle station writes nothing. It waits its turn: what it read before an enrolment would
// name a key that is dropped by then.
func (o *office) remember() {
	o.turn.Lock()
	defer o.turn.Unlock()
	now, known := o.time.clock.Now()
	o.mu.Lock()
	due := o.unsaved != nil
	if now = now.UTC().Truncate(time.Hour); !known && now.After(o.is.Passed) {
		o.is.Passed, due = now, true
	}
	o.mu.Unlock()
	if due {
		o.save()
	}
}

func (o *office) save() {
	err := o.now().save(o.dir)
	o.mu.Lock()
	o.unsaved = err
	o.mu.Unlock()
	if err != nil {
		o.log.Error("what the office said cannot be kept", "err", err)
	}
}

// kept is why a restart would forget what the office said last, or nil.
func (o *office) kept() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unsaved == nil {
		return nil
	}
	return fmt.Errorf("what the office said is used and will be saved as soon as there is room; free some space or exchange the card: %w", o.unsaved)
}
