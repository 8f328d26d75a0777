"""The words of the application, in Chinese and English."""

from collections.abc import Mapping

from reviewer.render.messages import Lang

_WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "title": ("客服外包合同审查", "Outsourcing contract review"),
    "language": ("语言", "Language"),
    "theme": ("切换深浅色", "Light or dark"),
    "sign_in": (
        "请输入管理员给你的用户名和密码。",
        "Sign in with the name and password you were given.",
    ),
    "sorry": ("还差一步", "One more thing"),
    "pill_private": ("仅在本机处理", "Stays on this machine"),
    "pill_sends": ("文字将发送到 {host}", "Text goes to {host}"),
    "private": (
        "合同不离开这台电脑：不联网，不上传，不需要密钥。",
        "The contract stays on this machine: no network, no upload, no key.",
    ),
    "sends": (
        "已配置语言模型：点“开始审查”后，合同文字（姓名、电话等先替换为代号）将发送到 {host}。",
        "A language model is set up: on Review, the text (names and numbers masked) goes to {host}.",
    ),
    "tab_review": ("审查", "Review"),
    "sends_unmasked": (
        "已配置语言模型：点“开始审查”后，合同文字（不作替换）将发送到 {host}。",
        "A language model is set up: on Review, the text (not masked) goes to {host}.",
    ),
    # the start
    "hero": ("签字之前，先看一遍", "Read it through before you sign"),
    "tagline": (
        "拖入外包商发来的合同，几秒钟看到缺什么、哪里含糊、哪里是陷阱，逐条决定，再导出修订稿发回去。",
        "Drop the vendor's draft. See what is missing, vague or a trap, decide point by point, and send it back marked.",
    ),
    "file": (
        "合同文件：.docx、.pdf、.txt，可一次多份",
        "Contracts: .docx, .pdf, .txt; several at once",
    ),
    "paste": ("或粘贴合同文字", "Or paste the text of the contract"),
    "paste_hint": ("粘贴全文，再点“开始审查”", "Paste the whole text, then press Review"),
    "pasted_name": ("粘贴的合同.txt", "pasted contract.txt"),
    "examples": ("没带合同？先看一份样例", "No contract at hand? Try an example"),
    "example_vendor": ("外包商的草稿\n处处偏向外包商", "A vendor's draft\nleans to the vendor"),
    "example_merchant": ("商家的草稿\n大体齐全", "A merchant's draft\nlargely complete"),
    "example_blank": ("留空的简易协议\n两页，许多空白", "An informal agreement\nfull of blanks"),
    "options": ("选项", "Options"),
    "option_side": ("合同中最先出现的一方（通常是甲方）是", "The party named first is"),
    "side_auto": ("自动判断", "decided from the text"),
    "side_client": ("商家", "the merchant"),
    "side_vendor": ("外包商", "the vendor"),
    "option_playbook": ("审查手册", "Playbook"),
    "playbook_auto": ("默认", "default"),
    "playbook_cs_outsourcing": ("客服外包", "customer-service outsourcing"),
    "option_engine": ("审查方式", "Engine"),
    "engine_auto": ("规则与语言模型", "rules and language model"),
    "engine_rules": ("只用规则，什么都不发送", "rules alone, nothing is sent"),
    "option_platform": (
        "店铺所在平台（合同没写时，用在建议文字里）",
        "Platform of the shop (for wording, where the contract names none)",
    ),
    "platform_auto": ("按合同", "as the contract says"),
    "option_merchant_size": (
        "商家规模（付款期限的规定只约束大型企业）",
        "Size of the merchant (rules on payment terms bind large ones)",
    ),
    "merchant_size_auto": ("不确定", "not sure"),
    "merchant_size_large": ("大型企业", "large"),
    "merchant_size_small": ("中小微企业、个体", "small or medium"),
    "option_category": (
        "主营类目（母婴、医疗健康涉及敏感个人信息）",
        "Goods (children's and medical goods involve sensitive data)",
    ),
    "category_auto": ("不确定", "not sure"),
    "category_general": ("一般商品", "general"),
    "category_sensitive": ("母婴、医疗健康", "children's, medical, health"),
    "run": ("开始审查", "Review"),
    "cancel": ("取消", "Cancel"),
    "cancelled": ("已取消，没有保留任何内容。", "Cancelled; nothing was kept."),
    "interrupted": (
        "审查“{name}”时中断了，没有留下结果。请重新开始。",
        "The review of {name} was interrupted and left nothing. Please start it again.",
    ),
    "nothing_given": (
        "请先选择文件、粘贴文字，或点一份样例。",
        "Choose a file, paste a text or try an example first.",
    ),
    "too_long": (
        "粘贴的文字过长，上限 {n} 字；请改为上传文件。",
        "The text is too long, {n} characters at most; please upload a file.",
    ),
    "too_many": (
        "一次最多 {n} 份，其余没有审查；请分批拖入。",
        "At most {n} at once; the rest was not reviewed.",
    ),
    "several": (
        "审查了 {n} 份。现在打开的是第一份，其余在首页“以前的审查”里。",
        "{n} contracts were reviewed. This is the first; the others are under Past reviews.",
    ),
    "page_is_fine": ("页面没有问题，换一份文件就能继续。", "Nothing is broken: try another file."),
    "stage_read": ("读取", "Reading"),
    "stage_clauses": ("分条", "Clauses"),
    "stage_review": ("审查", "Checking"),
    "stage_suggest": ("建议", "Suggestions"),
    "seconds": ("{n} 秒", "{n} s"),
    "line_waits": ("等候", "waiting"),
    "line_now": ("审查中", "in review"),
    "line_done": ("已审查", "reviewed"),
    "line_score": ("{n} 分", "score {n}"),
    "line_failed": ("未能审查", "not reviewed"),
    # past reviews
    "history": ("以前的审查", "Past reviews"),
    "rename": ("改名", "Rename"),
    "delete": ("删除", "Delete"),
    "really": ("确定删除？", "Really delete?"),
    "past_counts": ("{n} 项待办，已决定 {m} 项", "{n} to do, {m} decided"),
    "lost": ("这份审查已不在，可能已被删除。", "This review is not there any more."),
    # the panes
    "contract": ("合同", "Contract"),
    "findings": ("审查结果", "Findings"),
    "another": ("审查另一份", "Another contract"),
    "jump": ("跳到", "Go to"),
    "page_number": ("第 {n} 页", "page {n}"),
    "insert_here": ("建议在此处加入", "Suggested here"),
    "see": ("看原文位置", "Show in the contract"),
    "here": ("此处", "here"),
    "do_replace": ("替换 {where} 的文字", "replaces words of {where}"),
    "do_insert_after": ("加在 {where} 之后", "goes in after {where}"),
    "do_insert_before": ("加在 {where} 之前", "goes in before {where}"),
    "do_delete": ("删去 {where} 的文字", "strikes words of {where}"),
    "core": ("核心要素", "core element"),
    "fallback": ("谈不下来时的底线", "What is still acceptable"),
    "tone_missing": ("缺失", "Missing"),
    "tone_weak": ("薄弱", "Weak"),
    "tone_risk": ("风险", "Risk"),
    "tone_caution": ("提示", "Caution"),
    "tone_observation": ("结构", "Structure"),
    "tone_passed": ("达标", "Passed"),
    "sev_high": ("高风险", "High"),
    "sev_medium": ("中风险", "Medium"),
    "sev_low": ("低风险", "Low"),
    "all": ("待办", "To do"),
    "search": ("搜索审查项、原文、法条", "Search findings, quotes, law"),
    "by_severity": ("全部风险等级", "Any severity"),
    "by_decision": ("不论是否决定", "Decided or not"),
    "undecided": ("未决定", "Undecided"),
    "decided": ("已决定", "Decided"),
    "none_match": ("没有符合条件的审查项。", "Nothing matches."),
    "tally": ("已决定 {m} / {n}", "{m} of {n} decided"),
    # decisions
    "accept": ("采纳", "Accept"),
    "reject": ("不采纳", "Reject"),
    "edit": ("编辑后采纳", "Edit, then accept"),
    "wrong": ("判断有误", "This is wrong"),
    "did_accept": ("✓ 已采纳", "✓ accepted"),
    "did_reject": ("✕ 不采纳", "✕ rejected"),
    "did_edit": ("✎ 编辑后采纳", "✎ edited, accepted"),
    "did_wrong": ("⚑ 判断有误", "⚑ marked wrong"),
    "undo": ("撤销", "Undo"),
    "accept_high": ("采纳全部高风险建议", "Accept all of high severity"),
    "save_edit": ("采纳这段文字", "Accept this wording"),
    "right_answer": ("正确的结论是", "The right answer is"),
    "note": ("备注（只给自己看）", "Note to oneself"),
    "save": ("保存", "Save"),
    "keys": (
        "快捷键　j / k 上下　a 采纳　x 不采纳　e 编辑　u 撤销　/ 搜索",
        "Keys: j / k move, a accept, x reject, e edit, u undo, / search",
    ),
    # questions
    "ask": ("提问", "Ask"),
    "ask_title": ("就这份合同提问", "Ask about this contract"),
    "ask_hint": (
        "回答只来自合同原文和法条，每一点都能点开原文；合同没写的，会直说没有约定。",
        "Answers rest on the contract and the law; each point opens its passage. What the contract does not say is said to be missing.",
    ),
    "ask_sends": ("问题和合同文字会发送到 {host}。", "The question and the text go to {host}."),
    "ask_place": ("例如：提前解约要赔多少？", "For example: what does leaving early cost?"),
    "ask_waits": ("正在查合同…", "Reading the contract…"),
    "ask_nearest": ("最接近的条款：", "The clauses closest to it:"),
    "ask_pay": ("服务费什么时候付、怎么付？", "When and how is the fee paid?"),
    "ask_leave": ("提前解约要付出什么代价？", "What does leaving early cost?"),
    "ask_data": ("客户数据泄露了谁负责？", "Who answers for leaked customer data?"),
    "ask_staff": ("客服人员离职怎么办？", "What if agents leave?"),
    "more_notes": ("还有 {n} 条提示", "{n} more notes"),
    "switch": ("切换到另一份审查", "Switch to another review"),
    # files
    "export": ("导出", "Export"),
    "close": ("关闭", "Close"),
    "export_head": ("导出已决定的修改", "Export what was decided"),
    "export_what": ("要哪些文件", "Which files"),
    "export_run": ("生成文件", "Make the files"),
    "export_files": ("下载", "Downloads"),
    "comments": ("修订稿里的批注", "Comments in the redline"),
    "internal": ("写给自己（含底线）", "for ourselves (with fallbacks)"),
    "external": ("写给对方（措辞中性）", "for the other side (neutral)"),
    "none": ("不写批注", "none"),
    "redline": ("修订稿 .docx", "Redline .docx"),
    "clean": ("干净稿 .docx", "Clean copy .docx"),
    "pdf": ("批注在原 PDF 上 .pdf", "Notes on the PDF .pdf"),
    "html": ("报告 .html", "Report .html"),
    "xlsx": ("表格 .xlsx", "Table .xlsx"),
    "json": ("数据 .json", "Data .json"),
    "letter": ("谈判信 .txt", "Letter .txt"),
    "refused": (
        "这几条不能直接写成修订，请在文件里看批注，手工处理：",
        "These could not be written as changes; see the comments in the file:",
    ),
    "letter_copy": ("谈判信（可复制）", "The letter, to copy"),
    "labels": ("标注 .json（用于评测）", "Labels .json (for evaluation)"),
    "nothing_open": ("请先审查或打开一份合同。", "Review or open a contract first."),
}


def word(key: str, lang: Lang = "zh", **values: object) -> str:
    """Return the words for `key` in `lang`, its placeholders filled."""
    words = _WORDS[key][0 if lang == "zh" else 1]
    return words.format(**values) if values else words


def has_word(key: str) -> bool:
    """Return whether there are words for `key`."""
    return key in _WORDS


def add_words(words: Mapping[str, tuple[str, str]]) -> None:
    """Make more words known, those of a tab.

    Raises:
        ValueError: A key is known already with other words.
    """
    taken = [key for key, pair in words.items() if _WORDS.get(key, pair) != pair]
    if taken:
        raise ValueError(f"words that are known with another meaning: {taken}")
    _WORDS.update(words)
