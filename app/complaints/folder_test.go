package complaints_test

import (
	"testing"

	"pasokh/app/complaints"
	"pasokh/app/fault"
)

func TestFolderNamesWhatStandsOnItsCover(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	f, err := complaints.FolderByID(t.Context(), o.DB(t), o.as("pr", "pr_officer"), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	topic, office := o.topic["network"], o.units["pr"]
	if f.ID != c.ID || f.Text != c.Text || f.TopicFA != topic.NameFA || f.UnitEN != office.NameEN || f.TopicUnitID == nil || *f.TopicUnitID != o.units["network"].ID {
		t.Errorf("%+v", f)
	}
	if f.Name != "زهرا محمدی" || f.Mobile != "+989121234567" || f.NationalID != "0499370899" || f.HolderFA != "" {
		t.Errorf("%q %q %q %q", f.Name, f.Mobile, f.NationalID, f.HolderFA)
	}
}

func TestFolderIsSeenLikeItsCase(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	if _, err := complaints.FolderByID(t.Context(), o.DB(t), o.as("service", "unit_expert"), c.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another unit: %v", err)
	}
	if _, err := complaints.FolderByID(t.Context(), o.For(t, o.B), o.as("pr", "pr_officer"), c.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another organization: %v", err)
	}
}
