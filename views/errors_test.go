package views_test

import (
	"context"
	"testing"

	"pasokh/app/fault"
	"pasokh/views"
)

func TestErrorsStandBesideTheirFieldsInOrder(t *testing.T) {
	ctx := context.Background()
	e := views.ErrorsOf(fault.Fields{"national_id": "citizen.national_id.wrong", "mobile": "citizen.mobile.wrong"}.Err())
	list := e.Summary(ctx, "mobile", "national_id").Items
	if len(list) != 2 || list[0].Field != "mobile" || list[1].Field != "national_id" {
		t.Errorf("%+v", list)
	}
	if e.Of(ctx, "name") != "" || e.Of(ctx, "mobile") == "" {
		t.Error("the wrong field has the error")
	}
}

func TestErrorsFillPlaceholders(t *testing.T) {
	ctx := context.Background()
	e := views.ErrorsOf(fault.New(fault.TooMany, "code.wait", "n", 40))
	if got := e.Summary(ctx).Items[0].Text; got != "کد برای شما فرستاده شده است. اگر نرسید، ۴۰ ثانیه دیگر دوباره درخواست کنید." {
		t.Error(got)
	}
}
