// SPDX-License-Identifier: EUPL-1.2

package devices

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
)

// ErrLocked says that a key is protected by a passphrase, which was not given.
var ErrLocked = errors.New("office's key is protected by a passphrase")

// Ring is the identities that open envelopes: the office's current one and
// those that were retired in the last 96 hours. It follows the files in the
// folder keys while the server runs, and is safe for concurrent use.
type Ring struct {
	path string // the folder keys

	mu         sync.RWMutex
	passphrase string
	content
}

// content is what one look at the folder gave.
type content struct {
	locked     bool                  // there is an identity that needs a passphrase
	protected  bool                  // so does the current one
	identities []*age.HybridIdentity // the current one first; it is nil while locked
	recipients []string              // the office's and the escrow's
	stale      bool                  // recipients.txt names a retired key: a rotation was interrupted
	files      string                // names and times, to notice a change
}

// openRing reads what can be read without a passphrase.
func openRing(path string) (*Ring, error) {
	r := &Ring{path: path}
	_, err := r.Reload()
	return r, err
}

// String names the folder, and no key.
func (r *Ring) String() string { return r.path }

// Locked says whether an identity waits for its passphrase.
func (r *Ring) Locked() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.locked
}

// Protected says whether the current identity is kept under a passphrase.
func (r *Ring) Protected() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.protected
}

// Recipients are those for whom stations seal: the office's current one and the escrow's.
func (r *Ring) Recipients() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.recipients)
}

// Unlock gives the passphrase. It is kept in memory for keys that come later.
func (r *Ring) Unlock(passphrase string) error {
	c, err := look(r.path, passphrase)
	if err != nil {
		return fmt.Errorf("unlock keys: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passphrase, r.content = passphrase, c
	return nil
}

// Reload reads the folder again when its files have changed.
func (r *Ring) Reload() (changed bool, err error) {
	files, err := listing(r.path)
	if err != nil {
		return false, fmt.Errorf("load keys: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if files == r.files {
		return false, nil
	}
	c, err := look(r.path, r.passphrase)
	if err != nil {
		return false, fmt.Errorf("load keys: %w", err)
	}
	r.content = c
	return true, nil
}

var _ age.Identity = (*Ring)(nil)

// Unwrap opens with the first identity that fits.
func (r *Ring) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, i := range r.identities {
		if i == nil {
			continue
		}
		if key, err := i.Unwrap(stanzas); !errors.Is(err, age.ErrIncorrectIdentity) {
			return key, err
		}
	}
	if r.locked {
		return nil, ErrLocked
	}
	return nil, age.ErrIncorrectIdentity
}

// listing is the names, sizes and times of the folder's files.
func listing(path string) (string, error) {
	entries, err := os.ReadDir(path)
	var b strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone meanwhile
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&b, e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return b.String(), err
}

// look reads all identities and the recipients.
func look(path, passphrase string) (c content, err error) {
	if c.files, err = listing(path); err != nil {
		return content{}, err
	}
	current, err := c.identity(path, sealFile, passphrase)
	if err != nil {
		return content{}, err
	}
	c.identities = []*age.HybridIdentity{current}
	for name := range retiredNames(path, sealRetired) {
		i, err := c.identity(path, name, passphrase)
		if err != nil {
			return content{}, err
		}
		c.identities = append(c.identities, i)
	}
	return c, c.seals(path)
}

// identity reads one file, nil when it needs a passphrase and has none.
func (c *content) identity(path, name, passphrase string) (*age.HybridIdentity, error) {
	data, err := os.ReadFile(filepath.Join(path, name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if protected(data) {
		c.protected = c.protected || name == sealFile
		if passphrase == "" {
			c.locked = true
			return nil, nil
		}
		if data, err = uncover(data, passphrase); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	list, err := age.ParseIdentities(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(list) == 1 {
		if h, ok := list[0].(*age.HybridIdentity); ok {
			return h, nil
		}
	}
	return nil, fmt.Errorf("%s: file is not one hybrid identity (AGE-SECRET-KEY-PQ-1…)", name)
}

// seals reads recipients.txt and compares its first line with the identities.
func (c *content) seals(path string) error {
	data, err := os.ReadFile(filepath.Join(path, recipientsFile))
	if err == nil {
		c.recipients, err = parseRecipients(data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", recipientsFile, err)
	}
	current := c.identities[0]
	if current == nil || current.Recipient().String() == c.recipients[0] {
		return nil
	}
	c.stale = slices.ContainsFunc(c.identities[1:], func(i *age.HybridIdentity) bool {
		return i != nil && i.Recipient().String() == c.recipients[0]
	})
	if !c.stale {
		return fmt.Errorf("%s does not open what is sealed to the first line of %s", sealFile, recipientsFile)
	}
	c.recipients[0] = current.Recipient().String()
	return nil
}

func parseRecipients(b []byte) ([]string, error) {
	list := strings.Fields(string(b))
	if len(list) == 0 {
		return nil, errors.New("file is empty")
	}
	for _, text := range list {
		if _, err := age.ParseHybridRecipient(text); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Tend follows the folder at now: it reads what has changed, finishes what was
// interrupted, and removes for good what was retired until now. It gives the
// names of the removed files.
func (r *Ring) Tend(now time.Time) (removed []string, err error) {
	if _, err := r.Reload(); err != nil {
		return nil, err
	}
	r.mu.RLock()
	stale, recipients := r.stale, r.recipients
	r.mu.RUnlock()
	if stale {
		if err := change(r.path, func(d *folderDir) error { return d.writeRecipients(recipients) }); err != nil {
			return nil, err
		}
	}
	if removed, err = expire(r.path, now); err != nil || len(removed) == 0 && !stale {
		return removed, err
	}
	_, err = r.Reload()
	return removed, err
}
