// SPDX-License-Identifier: EUPL-1.2

package post

import (
	"errors"
	"fmt"

	"github.com/wneessen/go-mail"
)

// A refusal is the answer to one letter: the server may take another one.
type refusal struct {
	forGood bool   // by its word (RFC 5321, 4.2.1)
	said    string // by whom, and the numbers of the answer
	words   string // the server's own, which may hold the address
}

// Error leaves out the server's own words.
func (r *refusal) Error() string { return r.said }

// refusalOf reads what the mail server answered, nil for a trouble of its own: it
// is away, or does not let us in.
func refusalOf(err error) *refusal {
	e, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return nil
	}
	code := e.ErrorCode()
	switch e.Reason {
	case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose:
		if code < 400 || code == closing {
			return nil
		}
	case mail.ErrNoUnencoded, mail.ErrGetSender, mail.ErrGetRcpts:
	default:
		return nil
	}
	return &refusal{
		forGood: code == 0 || code >= 500, words: err.Error(),
		said: fmt.Sprintf("refused at %s: %d %s", e.Reason, code, e.EnhancedStatusCode()),
	}
}

// closing is the answer of a server that goes (RFC 5321, 3.8).
const closing = 421

// trouble is what may be said of an error of a lane whose addresses are citizens': the
// library's words may hold them.
func trouble(err error) string {
	if e, ok := errors.AsType[*mail.SendError](err); ok {
		return fmt.Sprintf("%s: %d %s", e.Reason, e.ErrorCode(), e.EnhancedStatusCode())
	}
	return err.Error()
}
