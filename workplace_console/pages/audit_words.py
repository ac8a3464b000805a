"""The words of the audit log: what each action is called, and what its figures say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from billing.models import Purpose, Way
from groupco.choices import FactorKind, OrgChartScope, Role, Scope, Topic
from products.choices import Cycle, Plan, StorageCategory
from workplace_console.common import days, sizes, words

ACTIONS: Final[Mapping[str, Promise]] = {
    "company_created": lazy("회사 등록"),
    "company_updated": lazy("회사 정보 변경"),
    "billing_addresses_set": lazy("이용 요금 안내 주소 변경"),
    "billing_topics_set": lazy("이용 요금 안내 주소별 안내 변경"),
    "billing_address_tested": lazy("시험 메일 발송"),
    "admin_set": lazy("콘솔 관리자 역할 지정"),
    "admin_removed": lazy("콘솔 관리자 제외"),
    "admin_invited": lazy("콘솔 관리자 초대"),
    "invitation_accepted": lazy("초대 수락"),
    "invitation_withdrawn": pgettext_lazy("done", "초대 취소"),
    "sign_ins_ended": lazy("로그인 끊기"),
    "second_factor_added": pgettext_lazy("done", "2단계 인증 설정"),
    "second_factor_removed": lazy("2단계 인증 수단 해제"),
    "second_factor_reset": lazy("2단계 인증 모두 해제"),
    "recovery_codes_made": lazy("복구 코드 새로 만들기"),
    "recovery_code_used": lazy("복구 코드 사용"),
    "change_requested": pgettext_lazy("done", "변경 요청"),
    "accounts_registered": pgettext_lazy("done", "사용자 등록"),
    "accounts_excluded": pgettext_lazy("done", "사용자 제외"),
    "accounts_imported": lazy("사용자 CSV 등록"),
    "use_reported": lazy("사용 보고"),
    "trial_started": lazy("무료 체험 시작"),
    "trial_extended": lazy("무료 체험 연장"),
    "trial_expired": lazy("무료 체험 종료"),
    "conversion_reserved": lazy("유료 전환 예약"),
    "conversion_changed": lazy("유료 전환 예약 변경"),
    "conversion_cancelled": lazy("유료 전환 예약 취소"),
    "conversion_started": lazy("유료 이용 시작"),
    "upgrade_requested": lazy("업그레이드 신청"),
    "upgrade_cancelled": lazy("업그레이드 신청 취소"),
    "upgrade_applied": lazy("업그레이드 적용"),
    "capacity_added": pgettext_lazy("done", "용량 추가"),
    "capacity_returned": pgettext_lazy("done", "용량 반납"),
    "storage_reported": lazy("공용 용량 사용량 보고"),
    "cards_reported": lazy("연동 법인카드 수 보고"),
    "group_formed": lazy("그룹사 결성"),
    "group_joined": lazy("그룹사 합류"),
    "group_left": lazy("그룹사 탈퇴"),
    "chart_scope_set": lazy("조직도 표시범위 변경"),
    "chart_order_set": lazy("그룹사 순서 변경"),
    "department_added": lazy("부서 추가"),
    "department_changed": lazy("부서 변경"),
    "department_shifted": lazy("부서 순서 변경"),
    "department_deleted": lazy("부서 삭제"),
    "departments_imported": lazy("부서 CSV 등록"),
    "posting_set": lazy("소속 지정"),
    "posting_ended": lazy("소속 해제"),
    "group_applied": pgettext_lazy("done", "그룹사 신청"),
    "group_application_received": lazy("그룹사 신청 접수"),
    "group_application_corrected": lazy("그룹사 신청 내용 고침"),
    "group_application_matched": lazy("그룹사 정보 매칭"),
    "group_application_approved": lazy("그룹사 신청 승인"),
    "group_application_rejected": lazy("그룹사 신청 반려"),
    "group_application_withdrawn": lazy("그룹사 신청 취소"),
    "group_application_declined": lazy("그룹사 신청 거절로 끝남"),
    "group_application_lapsed": lazy("그룹사 신청 자동 종료"),
    "group_agreement_asked": lazy("그룹사 동의 요청"),
    "group_agreed": lazy("그룹사 동의"),
    "group_declined": lazy("그룹사 동의 거절"),
    "representative_replaced": pgettext_lazy("done", "대표회사 변경"),
    "terminated": pgettext_lazy("done", "해지"),
    "termination_undone": pgettext_lazy("done", "해지 취소"),
    "invoice_issued": lazy("청구서 발행"),
    "credit_note_issued": pgettext_lazy("done", "크레딧 노트 발행"),
    "token_issued": lazy("API 토큰 발급"),
    "token_withdrawn": lazy("API 토큰 철회"),
    "payment_method_added": lazy("결제수단 등록"),
    "payment_method_chosen": lazy("기본 결제수단 설정"),
    "payment_method_removed": lazy("결제수단 삭제"),
    "payment_asked": lazy("카드 결제 요청"),
    "payment_made": lazy("결제 완료"),
    "payment_refused": lazy("카드 결제 거절"),
    "refund_asked": lazy("환불 요청"),
    "payment_refunded": lazy("환불 완료"),
    "refund_refused": lazy("환불 실패"),
    "holiday_set": lazy("공휴일 지정"),
    "holiday_removed": lazy("공휴일 삭제"),
    "cash_receipt_asked": pgettext_lazy("done", "현금영수증 신청"),
    "cash_receipt_issued": lazy("현금영수증 발급"),
    "cash_receipt_refused": lazy("현금영수증 거절"),
    "cash_receipt_cancelled": lazy("현금영수증 취소"),
    "tax_invoice_issued": lazy("전자세금계산서 번호 기록"),
    "tax_invoice_cancelled": lazy("전자세금계산서 취소"),
    "budget_set": lazy("예산 변경"),
    "data_exported": pgettext_lazy("done", "데이터 내려받기"),
    "data_deleted": pgettext_lazy("done", "데이터 삭제"),
    "price_set": lazy("단가 지정"),
    "price_withdrawn": lazy("단가 취소"),
    "mail_resent": lazy("메일 다시 보내기"),
    "jobs_run": lazy("작업 다시 실행"),
}

FIGURES: Final[Mapping[str, Promise]] = {
    "plan": lazy("요금제"),
    "cycle": lazy("결제 주기"),
    "starts_on": lazy("시작일"),
    "ends_on": lazy("마지막 날"),
    "signed_up_on": lazy("가입일"),
    "deletion_due_on": lazy("삭제일"),
    "role": lazy("역할"),
    "user": lazy("사용자 번호"),
    "invitation": lazy("초대 번호"),
    "count": lazy("건수"),
    "registered": lazy("새 등록"),
    "changed": lazy("바뀐 등록"),
    "number": lazy("번호"),
    "invoice": lazy("청구서 번호"),
    "total": lazy("청구 금액"),
    "fields": lazy("항목"),
    "accounts": lazy("계정 수"),
    "employees": lazy("사원 수"),
    "unit_price": lazy("단가"),
    "item": lazy("상품 항목"),
    "mail": lazy("메일 번호"),
    "added_tb": lazy("추가 용량(TB)"),
    "category": lazy("구분"),
    "bytes": lazy("사용량"),
    "cards": lazy("연동 법인카드 수"),
    "token": lazy("토큰 번호"),
    "scopes": lazy("범위"),
    "as_of": lazy("기준 시각"),
    "representative": lazy("대표회사"),
    "companies": lazy("회사"),
    "company": lazy("회사"),
    "application": lazy("신청 번호"),
    "last_on": lazy("마지막 날"),
    "due_on": lazy("삭제일"),
    "total_won": lazy("합계"),
    "day": lazy("날"),
    "persons": lazy("새 사원"),
    "purpose": lazy("용도"),
    "factor": lazy("인증 수단"),
    "left": lazy("남은 코드"),
    "budget_won": lazy("월 예산"),
    "renamed": lazy("이름이 바뀐 사원"),
    "scope": lazy("표시범위"),
    "order": lazy("순서"),
    "department": lazy("부서 번호"),
    "parent": lazy("상위 부서 번호"),
    "employee": lazy("사원 번호"),
    "departments": lazy("부서 수"),
    "postings": lazy("소속 수"),
    "is_main": lazy("주 소속"),
    "way": lazy("결제수단"),
    "last_four": lazy("카드 번호 끝 네 자리"),
    "default": lazy("기본"),
    "amount_won": lazy("금액"),
    "payment": lazy("결제 번호"),
    **{topic.value: topic.label for topic in Topic},
}

FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("상호"),
    "business_number": lazy("사업자등록번호"),
    "representative": lazy("대표자"),
    "address": lazy("주소"),
    "business_type": lazy("업태"),
    "business_item": lazy("종목"),
    "department_name": lazy("부서 이름"),
    "department_parent": lazy("상위 부서"),
    "department_code": lazy("부서 코드"),
}

WON: Final = frozenset({"total", "total_won", "unit_price", "amount_won", "budget_won"})
NUMBERS_OF_THINGS: Final = frozenset(
    {"user", "invitation", "mail", "token", "department", "parent", "employee", "application"}
)


def action(code: str) -> str:
    """What was done; an unknown code as it is."""
    return str(ACTIONS.get(code, code))


def figures(values: Mapping[str, Any] | None) -> str:
    """What stood before or after: 요금제 WORKPLACE · 시작일 2026. 3. 5."""
    return " · ".join(
        f"{FIGURES.get(name, name)} {_value(name, value)}" for name, value in (values or {}).items()
    )


def _value(name: str, value: Any) -> str:
    if name == "scopes":
        return ", ".join(str(Scope(scope).label) for scope in value)
    if isinstance(value, list):
        return ", ".join(str(FIELDS.get(field, field)) for field in value)
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, str):
        return _word(name, value)
    return words.NOTHING if value is None else str(value)


def _number(name: str, value: int) -> str:
    if name in NUMBERS_OF_THINGS:
        return str(value)
    if name == "bytes":
        return sizes.in_words(value)
    return words.won(value) if name in WON else words.number(value)


# Figures that are codes, and how each becomes the word of it.
CODES: Final[Mapping[str, Callable[[str], Any]]] = {
    "plan": lambda code: Plan.of(code).label,
    "cycle": lambda code: Cycle.of(code).label,
    "way": lambda code: Way(code).label,
    "purpose": lambda code: Purpose(code).label,
    "factor": lambda code: FactorKind(code).label,
    "role": lambda code: Role(code).label,
    "scope": lambda code: OrgChartScope(code).label,
    "category": lambda code: StorageCategory(code).label,
    "as_of": lambda text: words.moment(datetime.fromisoformat(text)),
}


def _word(name: str, value: str) -> str:
    """A code, a day or a text, as a reader writes it."""
    try:
        if name in CODES:
            return str(CODES[name](value))
        return words.day(days.parse(value))
    except ValueError:
        return value


def actor(name: str, people: Mapping[int, str], programs: Mapping[int, str]) -> str:
    """Who did it. `people` are the names of the company's own people by user id, `programs` those
    of the tokens that can act for it."""
    kind, _colon, key = name.partition(":")
    if kind == "user":
        return people.get(int(key), "") or _("고객지원이나 탈퇴한 사용자")
    if kind == "token":
        return _("%(name)s(API)") % {"name": programs.get(int(key), "–")}
    return _("운영자") if kind == "command" else _("자동 처리")
