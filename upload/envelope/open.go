// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Open reads an envelope to its end and returns its manifest and photos, in the manifest's order.
// Only the office opens. It returns an error, and nothing else, when none of the identities fits
// (an [age.NoIdentityMatchError]), when any byte was changed or is missing, when a bound of this
// package is exceeded, or when the photos are not those that the manifest describes.
func Open(r io.Reader, ids ...age.Identity) (Manifest, [][]byte, error) {
	m, photos, err := open(io.LimitReader(r, MaxSize+1), ids)
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("open envelope: %w", err)
	}
	return m, photos, nil
}

func open(r io.Reader, ids []age.Identity) (Manifest, [][]byte, error) {
	plain, err := age.Decrypt(r, ids...)
	if err != nil {
		return Manifest{}, nil, err
	}
	t := tar.NewReader(plain)
	data, err := next(t, manifestName, MaxManifest)
	if err != nil {
		return Manifest{}, nil, err
	}
	m, err := parseManifest(data)
	if err != nil {
		return Manifest{}, nil, err
	}
	photos, err := openPhotos(t, m)
	if err != nil {
		return Manifest{}, nil, err
	}
	return m, photos, end(t, plain)
}

func openPhotos(t *tar.Reader, m Manifest) ([][]byte, error) {
	photos := make([][]byte, len(m.Photos))
	for i, p := range m.Photos {
		photo, err := next(t, p.Name, MaxPhoto)
		if err != nil {
			return nil, err
		}
		if hash(photo) != p.SHA256 {
			return nil, fmt.Errorf("%s is not the photo that the manifest describes", p.Name)
		}
		photos[i] = photo
	}
	return photos, nil
}

// next reads the tar's next file, which must have the name and no more bytes than the limit.
func next(t *tar.Reader, name string, limit int64) ([]byte, error) {
	h, err := t.Next()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, noEOF(err))
	}
	if h.Typeflag != tar.TypeReg || h.Name != name {
		return nil, fmt.Errorf("%q instead of %s", h.Name, name)
	}
	if h.Size > limit {
		return nil, fmt.Errorf("%s has %d bytes, want at most %d", name, h.Size, limit)
	}
	data, err := io.ReadAll(t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// end reads to the end of the age file: only there age knows that nothing is missing.
func end(t *tar.Reader, plain io.Reader) error {
	if h, err := t.Next(); err == nil {
		return fmt.Errorf("unexpected file %q", h.Name)
	} else if err != io.EOF {
		return err
	}
	n, err := io.Copy(io.Discard, plain)
	if err == nil && n > 0 {
		return errors.New("data after the end of the tar")
	}
	return err
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
