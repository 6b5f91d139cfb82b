// SPDX-License-Identifier: EUPL-1.2

// Package openidtest has a town's OpenID provider for tests: a real one
// (github.com/zitadel/oidc), which can be told to do wrong.
package openidtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// What the town and the office agreed on.
const (
	ClientID = "fotobox"
	Secret   = "a secret of the town's"
)

// A Town is a provider with one person, who is signed in there already.
type Town struct {
	*storage.Storage
	Server *httptest.Server
	Person *storage.User
	Groups any // claim "groups" of the person

	// What it does wrong.
	Nonce, Audience string        // in place of the right ones
	Lifetime        time.Duration // added to that of a token
	ForeignKey      bool          // signs with a key that it does not publish
	Sick            bool          // answers 502, as a proxy before it does
}

// Open starts a town that leads browsers back to that address; it ends with the test.
func Open(t testing.TB, back string) *Town {
	t.Helper()
	p := &Town{Person: &storage.User{ID: "4711", Username: "Erika Muster", Email: "erika@example.org"}, Groups: []string{"other", "fotobox-clerks"}}
	client := storage.WebClient(ClientID, Secret, back)
	p.Storage = storage.NewStorageWithClients(p, map[string]*storage.Client{ClientID: client})
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Server.Close)
	provider, err := op.NewProvider(&op.Config{CodeMethodS256: true}, p, op.StaticIssuer(p.Server.URL), op.WithAllowInsecure(),
		op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	done := op.AuthCallbackURL(provider)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if p.Sick {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		provider.ServeHTTP(w, r)
	})
	mux.Handle("/login/", op.NewIssuerInterceptor(provider.IssuerFromRequest).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("authRequestID")
		if err := p.CheckUsernamePassword(p.Person.Username, "", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, done(r.Context(), id), http.StatusFound)
	}))
	return p
}

// GetUserByID and the two below are the store of people.
func (p *Town) GetUserByID(string) *storage.User { return p.Person }

// GetUserByUsername knows everybody as the one person.
func (p *Town) GetUserByUsername(string) *storage.User { return p.Person }

// ExampleClientID has no meaning here.
func (p *Town) ExampleClientID() string { return "" }

// SetUserinfoFromToken adds the groups to what the person's data are.
func (p *Town) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	info.AppendClaims("groups", p.Groups)
	return p.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
}

// AuthRequestByCode gives the request, as the town remembers it.
func (p *Town) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r, err := p.Storage.AuthRequestByCode(ctx, code)
	return &bent{r, p}, err
}

// GetClientByClientID gives the one client.
func (p *Town) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	c, err := p.Storage.GetClientByClientID(ctx, id)
	return &shortLived{c, p}, err
}

// SigningKey is the published key, or another one.
func (p *Town) SigningKey(ctx context.Context) (op.SigningKey, error) {
	own, err := p.Storage.SigningKey(ctx)
	if err != nil || !p.ForeignKey {
		return own, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return foreign{own, key}, err
}

// bent is a request that the provider remembers wrongly.
type bent struct {
	op.AuthRequest
	town *Town
}

func (b *bent) GetNonce() string {
	if b.town.Nonce != "" {
		return b.town.Nonce
	}
	return b.AuthRequest.GetNonce()
}

func (b *bent) GetAudience() []string {
	if b.town.Audience != "" {
		return []string{b.town.Audience}
	}
	return b.AuthRequest.GetAudience()
}

func (b *bent) GetClientID() string {
	if b.town.Audience != "" {
		return b.town.Audience
	}
	return b.AuthRequest.GetClientID()
}

// shortLived is a client whose tokens end otherwise, and go to another one.
type shortLived struct {
	op.Client
	town *Town
}

func (s *shortLived) GetID() string {
	if s.town.Audience != "" {
		return s.town.Audience
	}
	return s.Client.GetID()
}

func (s *shortLived) IDTokenLifetime() time.Duration {
	return s.Client.IDTokenLifetime() + s.town.Lifetime
}

// foreign is a signing key with another secret in it.
type foreign struct {
	op.SigningKey
	key *rsa.PrivateKey
}

func (f foreign) Key() any { return f.key }

// Travel goes to the provider as a browser does, until it is led to the address
// back, and gives what it brings there.
func Travel(t testing.TB, address, back string) url.Values {
	t.Helper()
	for range 10 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		to, err := answer.Location()
		if err != nil {
			t.Fatalf("%s: %s: %v", r.URL.Path, answer.Status, err)
		}
		if to.Scheme+"://"+to.Host+to.Path == back {
			return to.Query()
		}
		address = to.String()
	}
	t.Fatal("the provider leads in circles")
	return nil
}
