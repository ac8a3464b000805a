"""도움말: every article, by topic. R: H5.

What an article says stands in templates/help/<slug>.html, in English in templates/help/en/ (ADR
19). A new article is a line here and a file in each; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    """A page of the console, by the name of its address, on which what is told can be done."""

    name: str
    label: Promise


@dataclass(frozen=True)
class Article:
    """An answer. `also` are words that people look for and the answer does not use."""

    slug: str
    title: Promise
    summary: Promise
    places: tuple[Place, ...]
    related: tuple[str, ...]
    also: Promise | str = ""


@dataclass(frozen=True)
class Topic:
    label: Promise
    articles: tuple[Article, ...]


ACCOUNTS: Final = Place("accounts", _("사용자 관리"))
ADMINS: Final = Place("admins", _("관리자"))
AUDIT: Final = Place("audit", _("변경 이력"))
BILLS: Final = Place("bills", _("청구서"))
COMPANY: Final = Place("company", _("회사 정보"))
DEPARTMENTS: Final = Place("departments", _("조직 관리"))
TOKENS: Final = Place("tokens", _("API 토큰"))
PAYMENT: Final = Place("payment", _("결제수단 관리"))
CONVERT: Final = Place("convert", _("유료 전환"))
NOTICES: Final = Place("notices", _("알림"))
PRODUCT: Final = Place("product", _("상품 관리"))
GROUP: Final = Place("group", _("그룹사 정보"))
QUOTE: Final = Place("quote", _("견적"))
TERMINATE: Final = Place("terminate", _("해지"))
TREND: Final = Place("trend", _("청구 내역 추세"))
USAGE: Final = Place("usage", _("서비스 이용 내역"))

TOPICS: Final = (
    Topic(
        _("사용하기 전에"),
        (
            Article(
                "access",
                _("누가 콘솔에 들어올 수 있나요?"),
                _("콘솔 관리자와 그 역할, 여러 회사의 관리자"),
                (ADMINS,),
                ("sign-in", "second-factor", "history"),
                _("권한 접속 NCP 로그인"),
            ),
            Article(
                "second-factor",
                _("로그인을 더 안전하게 하려면 어떻게 하나요?"),
                _("2단계 인증, 복구 코드, 로그인한 곳"),
                (ADMINS,),
                ("access", "history"),
                _("보안 OTP MFA 이중 인증 세션"),
            ),
            Article(
                "sign-in",
                _("사원은 어디에서 로그인하나요?"),
                _("회사 id와 회사의 로그인 주소"),
                (COMPANY, ACCOUNTS),
                ("access", "accounts"),
                _("접속 도메인 URL"),
            ),
            Article(
                "notices",
                _("메일과 알림은 누가 받나요?"),
                _("무엇을 누구에게 어느 언어로 알리는지"),
                (NOTICES, COMPANY),
                ("payment", "access"),
                _("통지 수신자"),
            ),
            Article(
                "history",
                _("누가 무엇을 바꿨는지 어디에서 보나요?"),
                _("지우거나 고칠 수 없는 기록"),
                (AUDIT,),
                ("access",),
                _("감사 로그 기록 담당자 실수 되돌리기"),
            ),
        ),
    ),
    Topic(
        _("무료 체험과 유료 전환"),
        (
            Article(
                "trial",
                _("무료 체험이 끝나면 어떻게 되나요?"),
                _("체험 기간, 로그인을 막는 날, 데이터를 지우는 날"),
                (CONVERT, TERMINATE),
                ("convert", "take-data"),
                _("Trial 트라이얼 만료 삭제일"),
            ),
            Article(
                "convert",
                _("유료 전환은 어떻게 하나요?"),
                _("요금제, 결제 주기, 예약일을 고르고 바꾸는 법"),
                (CONVERT,),
                ("trial", "charges", "upgrade"),
                _("구매 가입 시작 결제 예약 취소 되돌리기 철회"),
            ),
        ),
    ),
    Topic(
        _("상품 관리"),
        (
            Article(
                "upgrade",
                _("업그레이드는 어떻게 하나요?"),
                _("상위 요금제로 바꾸는 순서와 적용되는 날"),
                (PRODUCT,),
                ("charges", "shared-capacity"),
                _("Collabo 상품 변경 신청 취소 되돌리기"),
            ),
            Article(
                "shared-capacity",
                _("공용 용량이란 무엇인가요?"),
                _("무엇이 쓰는지, 요금제마다 얼마인지"),
                (PRODUCT,),
                ("capacity", "upgrade"),
                _("저장 공간 스토리지 TB GB"),
            ),
            Article(
                "capacity",
                _("용량을 추가하거나 반납하려면 어떻게 하나요?"),
                _("1 TB 단위의 추가와 반납, 부족할 때의 알림"),
                (PRODUCT,),
                ("shared-capacity", "charges"),
                _("저장 공간 스토리지 부족 늘리기 줄이기"),
            ),
            Article(
                "headcount",
                _("사용자 수가 바뀌면 요금도 바뀌나요?"),
                _("하루하루 세는 법, 쓰지 않는 계정"),
                (ACCOUNTS,),
                ("accounts", "charges"),
                _("일할 퇴사 인원 추가 늘리기 줄이기 비용 절약 환불"),
            ),
            Article(
                "accounts",
                _("사용자를 등록하거나 제외하려면 어떻게 하나요?"),
                _("한 명씩, 또는 CSV로 한꺼번에"),
                (ACCOUNTS,),
                ("headcount", "sign-in", "api"),
                _("인원 추가 삭제 입사 퇴사 명부 엑셀"),
            ),
            Article(
                "departments",
                _("부서와 겸직은 어디에서 정하나요?"),
                _("조직도에 보이는 부서, 사원의 소속"),
                (DEPARTMENTS,),
                ("org-chart", "accounts"),
                _("조직 소속 직위 인사"),
            ),
            Article(
                "api",
                _("다른 시스템에서 사용자를 등록할 수 있나요?"),
                _("HTTP API와 토큰"),
                (TOKENS,),
                ("accounts", "history"),
                _("연동 인사 시스템 자동화"),
            ),
        ),
    ),
    Topic(
        _("요금과 청구"),
        (
            Article(
                "charges",
                _("요금은 어떻게 계산하나요?"),
                _("하루 단위의 계산, 월 결제와 연 결제, 부가세"),
                (USAGE, QUOTE),
                ("estimate", "headcount", "bills"),
                _("비용 가격 일할 단가 지난달 왜 견적 VAT"),
            ),
            Article(
                "estimate",
                _("다음 달 청구 예정 금액은 무엇인가요?"),
                _("어제까지의 금액, 월말 예상, 연간 누적, 추세"),
                (USAGE, TREND),
                ("charges", "bills"),
                _("예측 이번 달 요금 비용"),
            ),
            Article(
                "bills",
                _("청구서는 언제 나오고 어디에 있나요?"),
                _("발행하는 날, 저장과 인쇄, 결제 기한, 정정"),
                (BILLS,),
                ("payment", "charges"),
                _("영수증 세금계산서 인보이스 receipt 지난달 미납 납부 환불"),
            ),
            Article(
                "payment",
                _("결제수단과 청구서 받는 주소는 어떻게 바꾸나요?"),
                _("카드와 계좌이체, 현금영수증, 이용 요금 안내 주소"),
                (PAYMENT, BILLS),
                ("bills", "notices"),
                _("카드 이체 영수증 소득공제 지출증빙"),
            ),
        ),
    ),
    Topic(
        _("그룹사"),
        (
            Article(
                "group",
                _("모회사와 자회사가 함께 쓸 수 있나요?"),
                _("그룹사 신청, 대표회사, 요금을 내는 회사"),
                (GROUP, BILLS),
                ("org-chart", "bills", "departments"),
                _("계열사 그룹 통합 청구"),
            ),
            Article(
                "org-chart",
                _("그룹사 표시범위와 순서는 무엇을 바꾸나요?"),
                _("사원이 보는 조직도, 사원 검색, 회사의 순서"),
                (GROUP, DEPARTMENTS),
                ("group", "departments"),
                _("조직도 겸직 결재자 메일 수신자"),
            ),
        ),
    ),
    Topic(
        _("해지와 데이터"),
        (
            Article(
                "terminate",
                _("해지하면 어떻게 되나요?"),
                _("해지하는 법, 지우는 것과 남는 것, 마지막 청구서"),
                (TERMINATE,),
                ("take-data", "bills"),
                _("탈퇴 상품 반납 취소 되돌리기 삭제 백업"),
            ),
            Article(
                "take-data",
                _("데이터는 어떻게 내려받나요?"),
                _("전부를 한 번에, 또는 일부만"),
                (TERMINATE, ACCOUNTS, USAGE),
                ("terminate", "trial"),
                _("다운로드 내보내기 백업 ZIP 엑셀"),
            ),
        ),
    ),
)

ARTICLES: Final = {article.slug: article for topic in TOPICS for article in topic.articles}
