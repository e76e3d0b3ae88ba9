package staff_test

import (
	"strings"
	"testing"

	"pasokh/app/staff"
)

func TestHashTakesItsParametersAlong(t *testing.T) {
	strong, cheap := staff.Hasher{MemoryKiB: 128, Passes: 3}, staff.Cheap()
	stored := strong.Hash("گذرواژه ۱۲۳")
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=128,t=3,p=1$") {
		t.Fatalf("not a PHC string: %s", stored)
	}
	if !cheap.Matches(stored, "گذرواژه ۱۲۳") {
		t.Error("a hash of other parameters does not match")
	}
	if !cheap.Outdated(stored) || strong.Outdated(stored) {
		t.Error("Outdated does not compare parameters")
	}
	if stored == strong.Hash("گذرواژه ۱۲۳") {
		t.Error("two hashes of one password are equal: no salt")
	}
}

func TestZeroHasherIsTheStrongOne(t *testing.T) {
	if stored := (staff.Hasher{}).Hash("x"); !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("production hash is %s", stored)
	}
}

func TestPasswordIsComposedButNeverTrimmed(t *testing.T) {
	h := staff.Cheap()
	stored := h.Hash("caf\u00e9 ")
	if !h.Matches(stored, "cafe\u0301 ") {
		t.Error("the same letters typed decomposed do not match")
	}
	for _, wrong := range []string{"caf\u00e9", "Caf\u00e9 ", ""} {
		if h.Matches(stored, wrong) {
			t.Errorf("%q matches", wrong)
		}
	}
}

func TestNothingMatchesAnUnreadableHash(t *testing.T) {
	h := staff.Cheap()
	good := h.Hash("x")
	for name, stored := range map[string]string{
		"empty":        "",
		"plain text":   "x",
		"other scheme": strings.Replace(good, "argon2id", "argon2i", 1),
		"no passes":    strings.Replace(good, "t=1", "t=0", 1),
		"all memory":   strings.Replace(good, "m=64", "m=4294967295", 1),
		"other lanes":  strings.Replace(good, "p=1", "p=200", 1),
		"short key":    good[:len(good)-4],
	} {
		if h.Matches(stored, "x") {
			t.Errorf("%s: matches", name)
		}
		if !h.Outdated(stored) {
			t.Errorf("%s: is called up to date", name)
		}
	}
	if long := strings.Repeat("x", 2000); h.Matches(h.Hash(long), long) {
		t.Error("an over-long password is hashed")
	}
}
