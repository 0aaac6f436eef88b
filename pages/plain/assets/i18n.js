// Streamlit's own English words in Chinese, and six cares for every language: an input method's Enter never sends a form,
// what is typed is kept at each pause, a press waits for the day that is being chosen, date pickers speak the language of the page,
// a form that opens far from its button comes into view, and who presses with a key goes on in the field that comes next.
// What people wrote is never touched.
(() => {
  const lang = document.documentElement.lang;
  for (const [name, value] of [['language', lang], ['languages', [lang]]])
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  // Safari sends Enter with code 229 after the composition has ended.
  document.addEventListener('keydown', e => { if (e.keyCode === 229 && e.key === 'Enter') e.stopImmediatePropagation(); }, true);
  // What is being typed is handed in at each pause, as if the field were left: a reload, a call or an empty battery takes nothing away.
  // Not in a form that is sent as a whole: there Enter would send it.
  const settled = '[data-testid=stApp][data-test-script-state=notRunning]';
  const typed = '[data-testid=stTextArea] textarea, [data-testid=stTextInput] input:not([type=password])';
  const begun = new Set(), label = field => field.getAttribute('aria-label');
  let pause, written;
  const hand = field => {
    written = null;
    if (field.isConnected && !field.closest('[data-testid=stForm]'))
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
  };
  const wait = e => {
    clearTimeout(pause);
    if (!e.target.matches?.(typed)) return;
    written = e.target;
    begun.add(label(written));
    if (!e.isComposing) pause = setTimeout(hand, 1500, e.target);
  };
  document.addEventListener('input', wait, true);
  document.addEventListener('compositionend', wait, true);
  document.addEventListener('focusout', e => { if (e.target === written) written = null; }, true);
  document.addEventListener('visibilitychange', () => { if (document.hidden && written) hand(written); });
  // A reload ends the line while the last words are on their way: this tab keeps them for the same field of the same page, for a minute.
  const called = name => [...document.querySelectorAll(typed)].filter(each => label(each) === name);
  addEventListener('beforeunload', () => {
    if (!written?.isConnected) return;
    const left = { at: Date.now(), page: location.href, label: label(written), nth: called(label(written)).indexOf(written), words: written.value };
    try { sessionStorage.setItem('yiqi-written', JSON.stringify(left)); } catch { /* a browser that keeps nothing */ }
    hand(written);
  });
  const again = (left, tries) => {
    if (begun.has(left.label)) return;  // somebody writes there again already: newer words are not written over
    const field = document.querySelector(settled) && called(left.label)[left.nth];
    if (!field) return tries && setTimeout(again, 200, left, tries - 1);
    if (field.value === left.words) return;
    const of = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(of.prototype, 'value').set.call(field, left.words);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  try {
    const left = JSON.parse(sessionStorage.getItem('yiqi-written'));
    sessionStorage.removeItem('yiqi-written');
    if (left?.page === location.href && Date.now() - left.at < 60000) again(left, 50);
  } catch { /* nothing was kept */ }
  // A calendar hands in its day when it closes, a moment after the press that closes it; on a slow phone the press comes first and is
  // taken with the day of before, or is lost. So such a press waits until the calendar has gone.
  const calendar = '[data-testid=stDateInputCalendar], [data-testid=stDateTimeInputCalendar]';
  let chosen = false;
  document.addEventListener('pointerdown', e => {
    chosen = document.querySelector(calendar) !== null && !e.target.closest(`${calendar}, [data-testid=stDateInput], [data-testid=stDateTimeInput]`);
  }, true);
  document.addEventListener('click', e => {
    const button = e.target.closest?.('button');
    if (!chosen || !button || !e.isTrusted) return;
    chosen = false;
    e.preventDefault();
    e.stopImmediatePropagation();
    const press = left => document.querySelector(calendar) && left ? setTimeout(press, 30, left - 1) : setTimeout(() => button.click(), 90);
    press(60);
  }, true);
  const near = form => {
    const { top } = form.getBoundingClientRect();
    if (top < 70 || top > innerHeight * 0.8) form.scrollIntoView({ block: 'start' });
  };
  const comes = '.st-key-card_form, .st-key-here_receipt, .st-key-here_said';
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (node.nodeType !== 1) continue;
      const form = node.matches(comes) ? node : node.querySelector(comes);
      if (form) setTimeout(near, 200, form);
    }
  }).observe(document.documentElement, { subtree: true, childList: true });
  // After a press with a key (a pointer is where the eyes are) the keyboard goes on at the first field that is wrong, or at the first one of
  // a step that has turned; else it would stand on the button, and all of the page before the field.
  const fields = 'input:not([type=hidden]), textarea, [role=combobox], [role=spinbutton], [role=radio], [role=checkbox], button[aria-pressed]';
  const step = () => document.querySelector('.st-key-card_step h2')?.textContent;
  const shown = (root, what) => [...root.querySelectorAll(what)].filter(each => each.checkVisibility?.() ?? true);
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-testid=stMain] button');
    if (!button || e.detail || !e.isTrusted) return;
    const before = step();
    let seen = 0;
    const on = left => {
      const held = document.activeElement, main = document.querySelector('[data-testid=stMain]');
      if (!left || !main || held && held !== button && held !== document.body && !held.matches('button')) return;
      const wrong = shown(main, '.fe')[0], turned = step() !== before && main.querySelector('.st-key-card_step');
      seen = document.querySelector(settled) && (wrong || turned) ? seen + 1 : 0;  // a press may be two runs of the page
      if (seen < 2) return setTimeout(on, 100, left - 1);
      const all = shown(wrong ? main : turned, fields);
      (wrong ? all.filter(each => each.compareDocumentPosition(wrong) & Node.DOCUMENT_POSITION_FOLLOWING).pop() : all[0])?.focus();
    };
    setTimeout(on, 250, 40);
  }, true);
  if (!lang.startsWith('zh')) return;
  const words = {
    // frame
    'Skip to main content': '跳到正文', 'Main menu': '菜单', 'App pages': '各页', 'App Logo': '标志', 'Logo': '标志', 'Header Logo': '标志', 'Sidebar Logo': '标志', 'Sidebar': '侧栏', 'Expand sidebar': '打开侧栏', 'Collapse sidebar': '收起侧栏',
    'Navigate to home page': '回首页', 'View less': '收起', '(opens in new tab)': '（在新标签页打开）', 'Theme': '明暗', 'System': '自动', 'Light': '浅色', 'Dark': '深色',
    'Print': '打印', 'Record screen': '录屏', 'Record a screencast': '录屏', 'Stop recording': '停止录制', 'Cancel recording': '取消录制', 'Clear cache': '清缓存', 'Clear caches': '清缓存', 'About': '关于', 'Get help': '帮助',
    'Report a bug': '反映问题', 'Rerun': '重新载入', 'Auto rerun': '自动重新载入', 'Always rerun': '总是重新载入', 'Settings': '设置', 'Deploy': '部署', 'Close': '关闭', 'Cancel': '取消', 'Stop': '停止', 'Stopping...': '正在停止…', 'Running...': '正在办理…',
    'Loading...': '正在打开…', 'File change.': '文件有变化。', 'Notifications': '提醒', 'Toolbar action': '工具', 'Scroll tabs left': '标签往左', 'Scroll tabs right': '标签往右',
    'Also record audio': '同时录音', 'Start recording!': '开始录屏', 'Start recording': '开始录音', 'Record': '录音', 'Clear recording': '清掉录音', 'Download as WAV': '存为 WAV', 'Preview your video below:': '先看看录下的：', 'Save video to disk': '存到电脑',
    "This will record a video with the contents of your screen, so you can easily share what you're seeing with others.": '会把您屏幕上的画面录成视频。', 'Press `Esc` any time to stop recording.': '随时按 Esc 停止。',
    'Due to limitations with some browsers, this feature is only supported on recent desktop versions of Chrome, Firefox, and Edge.': '只有电脑上较新的 Chrome、Firefox、Edge 能用。', 'Copy version to clipboard': '复制版本号', 'Copied': '已复制', 'Copy': '复制', 'Copy to clipboard': '复制',
    'Made with Streamlit v': 'Streamlit ',
    // the line, errors
    'Connection error': '连不上了', 'Connection timed out.': '等太久了，没有回音。', 'Network error': '网络不通', 'Try again': '再试一次', 'Learn more': '了解更多', 'Error': '出错了',
    'Streamlit server is not responding. Are you connected to the internet?': '现在连不上服务器。请看看网络通不通，连上会自动接着来，写好的都还在。',
    'Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:': '服务停了。管服务器的人请在终端里重新打开：',
    'streamlit run yourscript.py': 'streamlit run app.py', 'Connection lost. Please wait for the app to reconnect, then try again.': '线路断了。等它自己连上，再点一次。', 'Reconnected to server.': '连上了。',
    'Connecting to Streamlit server': '正在连接…', 'Connecting': '正在连接', 'CONNECTING': '正在连接', 'Connecting...': '正在连接…', 'Dismiss': '关上', 'Error:': '出错了：', 'Suggestions available': '有可选的', 'Unable to connect to Streamlit server': '连不上服务器', 'Request timed out': '等太久了', 'Request Timeout': '等太久了', 'Bad message format': '收到的内容读不懂', 'Script execution error': '这一页出错了',
    'Your app is having trouble loading the component.': '这一块没有打开，请刷新。', 'Unknown error': '没想到的错误', 'Unknown Error': '没想到的错误', 'Page not found': '没有这一页',
    "The page that you have requested does not seem to exist. Running the app's main page.": '没有找到这个地址，已经回到首页。',
    // words under and in fields
    '(required)': '（必填）', 'This field is required.': '这一项要填。', 'This field is required': '这一项要填', 'Invalid input.': '填得不对。', 'Press Enter to apply': '按回车生效', 'Press Enter to submit form': '按回车交上去', 'Press Ctrl+Enter to apply': '按 Ctrl+回车 生效', 'Press ⌘+Enter to apply': '按 ⌘+回车 生效',
    'Press Ctrl+Enter to submit form': '按 Ctrl+回车 交上去', 'Press ⌘+Enter to submit form': '按 ⌘+回车 交上去', 'Clear entry': '清掉', 'Clear value': '清掉', 'Show password': '显示密码', 'Hide password': '隐藏密码', 'Show password text': '显示密码', 'Hide password text': '隐藏密码',
    'Increment': '加', 'Decrement': '减', 'Number is below the allowed range.': '数太小了。', 'Number is above the allowed range.': '数太大了。',
    // choosing
    'Choose an option': '请选一项', 'Choose options': '请选择', 'Add an option': '添一项', 'Add options': '添几项', 'Choose or add an option': '选一项，或自己添', 'Choose or add options': '选几项，或自己添', 'No options to select': '没有可选的', 'No options to select.': '没有可选的', 'No options': '没有可选的',
    'No results': '没有找到', 'Select all': '全选', 'Clear all': '全部清掉', 'Selected values': '已选', 'Multiselect options': '可选项', 'Selectbox options': '可选项', 'Open': '展开', 'Select...': '请选择', 'Type to search': '打字查找', 'Suggestions': '建议',
    // dates and times
    'Choose date': '选日期', 'Choose date range': '选起止日期', 'Choose date and time': '选日期和时间', 'Clear date': '清掉日期', 'Clear dates': '清掉日期', 'Clear date and time': '清掉日期和时间', 'Clear time': '清掉时间', 'Date range': '起止日期', 'Quick select a date range': '快选一段', 'Time': '时间', 'Calendar': '日历', 'yyyy': '年', 'mm': '月', 'dd': '日', 'Next': '下一个', 'Previous': '上一个', 'Previous month': '上个月', 'Next month': '下个月', 'start date': '开始', 'end date': '结束', 'Click to start selecting date range': '点一下选开始的一天', 'Click to finish selecting date range': '点一下选结束的一天',
    'None': '不限', 'Past Week': '近一周', 'Past Month': '近一个月', 'Past 3 Months': '近三个月', 'Past 6 Months': '近半年', 'Past Year': '近一年', 'Past 2 Years': '近两年',
    'Use arrow keys to navigate dates. Enter to select. Escape to close.': '方向键换日期，回车选中，Esc 关闭。', 'Use arrow keys to navigate. Enter to select. Tab to switch between calendar and time. Escape to close.': '方向键移动，回车选中，Tab 在日历和时间之间换，Esc 关闭。',
    'Hours must be 0–23': '小时填 0 到 23', 'Hours must be 0–23.': '小时填 0 到 23。', 'Minutes must be 0–59.': '分钟填 0 到 59。', 'Seconds must be 0–59.': '秒填 0 到 59。', 'Invalid time format. Please use HH:MM.': '时间这样写：09:30。', 'Invalid time format. Please use HH:MM:SS or HH:MM.': '时间这样写：09:30 或 09:30:00。',
    // files
    'Upload': '选择文件', 'Upload files': '选择文件', 'Upload directories': '选择文件夹', 'Add files': '再加文件', 'Drag and drop a file here': '把文件拖到这里', 'Drag and drop files here': '把文件拖到这里', 'Drag and drop directories here': '把文件夹拖到这里', 'Browse files': '选择文件', 'Upload failed': '没有传上去', 'file upload': '放文件', 'Upload file': '选择文件', 'Click to retry upload': '点一下再传',
    'Error uploading file': '没有传上去', 'Error deleting file': '没有删掉', 'Only one file is allowed.': '只能放一个文件。', 'File size is too small.': '文件太小。', 'Unexpected error. Please try again.': '没有办成，请再试一次。', 'Uploading': '正在传', 'Remove file': '去掉文件', 'add icon': '添加',
    'This app would like to use your camera.': '要用一下您的相机。', 'This app would like to use your microphone.': '要用一下您的话筒。', 'Learn how to allow access.': '怎样允许', 'Take Photo': '拍照', 'Clear photo': '重拍', 'Switch camera': '换镜头', 'Microphone access denied': '话筒没有打开', 'Recording failed': '没有录上', 'An error has occurred, please try again.': '没有办成，请再试一次。',
    // tables
    'Search': '查找', 'Close Search': '关闭查找', 'Next Result': '下一处', 'Previous Result': '上一处', 'Download as CSV': '存为 CSV', 'Download': '下载', 'Show/hide columns': '选择要看的列', 'Fullscreen': '全屏', 'Close fullscreen': '退出全屏', 'Exit fullscreen': '退出全屏', 'View fullscreen': '全屏', 'Add row': '添一行', 'Delete row(s)': '删掉选中的行', 'Clear selection': '取消选中',
    'Sort ascending': '从小到大', 'Sort descending': '从大到小', 'Pin column': '固定这一列', 'Unpin column': '不再固定', 'Hide column': '不看这一列', 'Format': '写法', 'Autosize': '合适的宽度', 'Statistics': '统计', 'Copy column name': '复制列名', 'Dataframe column menu': '这一列的菜单', 'Button action menu': '更多', 'No data': '没有数据', 'Failed to load data': '没有读出来', 'empty': '空', 'Edit': '改', 'Rename': '改名',
    'Automatic': '自动', 'Localized': '按地区', 'Plain': '原样', 'Compact': '简短', 'Dollar': '美元', 'Euro': '欧元', 'Yen': '日元', 'Percent': '百分比', 'Scientific': '科学记数', 'Accounting': '会计', 'Distance': '离现在多远', 'Duration': '多久', 'Count': '个数', 'Distinct': '不同的', 'Empty': '空着', 'Minimum': '最小', 'Maximum': '最大', 'Average': '平均', 'Median': '中位', 'Sum': '合计', 'Range': '范围', 'Standard deviation': '标准差', 'Minimum length': '最短', 'Maximum length': '最长', 'Average length': '平均长度', 'Based on sample': '按抽样',
    'Values': '各值', 'Top values frequency chart': '最多的值', 'Distribution histogram': '分布', 'True/false distribution chart': '是与否', '⚠️ Please fill out this cell.': '这一格要填。', 'The value is not part of the allowed options.': '不在可选的里面。', 'The value cannot be interpreted as a number.': '这里填数字。',
    // charts, pictures, pages, marks
    'Show data': '看数据', 'Show chart': '看图', 'Download as PNG': '存为图片', 'Copy Vega-Lite spec': '复制图的数据', 'Copied!': '已复制', 'visualization': '图', 'Pagination': '页码', 'Next page': '下一页', 'Previous page': '上一页', 'Previous image': '上一张', 'Next image': '下一张',
    'Feedback rating': '打分', 'Thumbs up': '好', 'Thumbs down': '不好', 'Very dissatisfied': '很不满意', 'Dissatisfied': '不满意', 'Neutral': '一般', 'Satisfied': '满意', 'Very satisfied': '很满意', 'Send message': '发送',
  };
  const patterns = [
    [/^(\d+(?:\.\d+)?) ?(KB|MB|GB)( per file)?(?: • (.+))?$/, (_, n, unit, per, kinds) => per ? `每个文件不超过 ${n} ${unit}${kinds ? `，${kinds}` : ''}` : `${n} ${unit}`],
    [/^File must be (.+) or smaller\.$/, (_, n) => `文件不能超过 ${n}。`],
    [/^(.*) files are not allowed\.$/, (_, kind) => `不收${kind && kind !== 'This type of' && !kind.includes('/') ? ` ${kind} ` : '这种'}文件。`],
    [/^File type must be (?:one of )?(.+)$/, (_, kinds) => `只收这些文件：${kinds}`],
    [/^Skipped "(.+)" because an invalid file extension was provided\.$/, (_, name) => `“${name}”这种文件不收。`],
    [/^Upload or drag and drop .+$/, () => '选择文件，或拖到这里'], [/^Drag and drop .+ here$/, () => '拖到这里'],
    [/^Select (\d+) matches$/, (_, n) => `选中这 ${n} 项`], [/^(\d+) selected$/, (_, n) => `已选 ${n} 项`],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/, (_, n) => `最多选 ${n} 项，先去掉一项。`],
    [/^(\d+) options? available\.$/, (_, n) => `有 ${n} 项可选。`], [/^(.+), selected$/, (_, option) => `${option}，选中了`], [/^(.+), not selected$/, (_, option) => `${option}，没有选`],
    [/^Error: (.+)$/, (_, rest) => say(rest, false)], [/^Today, (.+)$/, (_, day) => `今天，${day}`], [/^Choose (date|date range|date and time), (.+)$/, (_, what, month) => `${words[`Choose ${what}`]}，${month}`],
    [/^View (\d+) more$/, (_, n) => `再看 ${n} 项`], [/^Page (\d+)$/, (_, n) => `第 ${n} 页`],
    [/^(\d+) results?$/, (_, n) => `${n} 处`], [/^(\d+) of (\d+) results?$/, (_, a, b) => `第 ${a} 处，共 ${b} 处`], [/^over 1000$/, () => '一千多处'],
    [/^[a-z -]+ mark container$/, () => '图的一部分'],
    [/^(\d+) out of (\d+) stars$/, (_, a, b) => `${b} 星里的 ${a} 星`], [/^Rating (\d+)$/, (_, n) => `${n} 分`],
    [/^Number is outside the allowed range\. Please enter a value between (.+) and (.+)\.$/, (_, a, b) => `请填 ${a} 到 ${b}。`],
    [/^Number is below the allowed range\. Please enter a value greater than or equal to (.+)\.$/, (_, a) => `至少填 ${a}。`],
    [/^Number is above the allowed range\. Please enter a value less than or equal to (.+)\.$/, (_, a) => `最多填 ${a}。`],
    [/^Date set outside allowed range\. Please select a date between (.+) and (.+)\.$/, (_, a, b) => `请选 ${a} 到 ${b} 之间的一天。`],
    [/^Date set outside allowed range\. Please select a date on or after (.+)\.$/, (_, a) => `请选 ${a} 或以后的一天。`],
    [/^Date set outside allowed range\. Please select a date on or before (.+)\.$/, (_, a) => `请选 ${a} 或以前的一天。`],
    [/^Time is out of range\.(.*)$/, () => '时间不在可选的范围里。'], [/^Value is out of range for (.+)\.(.*)$/, () => '时间不在可选的范围里。'],
    [/^You have requested page .*$/, () => '没有找到这个地址，已经回到首页。'], [/^Cannot connect to Streamlit .*$/s, () => '连不上服务器。请刷新这一页；还不行，请告诉社区。'],
    [/^Connection failed with status (\d+).*$/, (_, n) => `连不上服务器（${n}）。`], [/^Response received with status (\d+)$/, (_, n) => `服务器答复 ${n}`],
  ];
  // These begin with one of the words above and end with what a person wrote.
  const parts = { year: '年', month: '月', day: '日', hour: '时', minute: '分', second: '秒' };
  const named = [[/^Remove (.+)$/, '去掉 '], [/^Add: (.+)$/, '添上：'], [/^Clear (.+)$/, '清掉 '], [/^Help for (.+)$/, '说明：']];
  const say = (text, attribute) => {
    const key = text.trim();
    if (!key || key.length > 400) return text;
    if (Object.hasOwn(words, key)) return text.replace(key, () => words[key]);
    for (const [pattern, made] of patterns) if (pattern.test(key)) return text.replace(key, () => key.replace(pattern, made));
    if (attribute) {
      const month = /^(\d+) – [A-Z][a-z]+$/.exec(key);  // "11 – November"
      if (month) return `${month[1]} 月`;
      const part = /^(year|month|day|hour|minute|second),\s*(.*)$/.exec(key);
      if (part) return `${parts[part[1]]}${part[2] ? `，${say(part[2], true)}` : ''}`;
      const begun = /^([^:]+): (.+)$/s.exec(key);  // a button of a chart or table, then what that is called
      if (begun && Object.hasOwn(words, begun[1])) return `${words[begun[1]]}：${begun[2]}`;
      const end = /^(.*) (start date|end date)$/.exec(key);
      if (end) return `${end[1]} ${words[end[2]]}`;
    }
    if (attribute) for (const [pattern, start] of named) if (pattern.test(key)) return start + key.replace(pattern, '$1');
    return text;
  };
  const ours = '[data-testid=stMarkdown],[data-testid=stHtml],[data-testid=stIconMaterial],[data-testid=stHeading],[data-testid=stCaptionContainer],[data-testid=stSidebarNavItems],'
    + '[data-testid=stAlert],[data-testid=stWidgetLabel] [data-testid=stMarkdownContainer],[role=option],[data-testid=stFileUploaderFileName],.yq,textarea,script,style,pre,code';
  const kept = '[data-testid=stConnectionError],[data-testid=stDialog] code';
  const one = node => {
    if (node.nodeType === 3) {
      const at = node.parentElement;
      if (!at || at.closest(ours) && !at.closest(kept) && !Object.hasOwn(optional, node.data.trim())) return;
      const said = at.dataset.placeholder && parts[at.dataset.type] || say(node.data, false);  // "mm" are months and minutes
      if (said !== node.data) node.data = said;
    } else if (node.nodeType === 1 && !node.closest('[data-testid=stHtml],.yq')) {
      for (const name of ['placeholder', 'aria-label', 'aria-valuetext', 'title', 'alt', 'aria-roledescription']) {
        const value = node.getAttribute(name);
        if (value) { const said = say(value, true); if (said !== value) node.setAttribute(name, said); }
      }
    }
  };
  // Streamlit's own entries inside lists of options.
  const optional = { 'Select all': 1, 'No results': 1, 'Past Week': 1, 'Past Month': 1, 'Past 3 Months': 1, 'Past 6 Months': 1, 'Past Year': 1, 'Past 2 Years': 1 };
  const walk = root => {
    one(root);
    if (root.nodeType !== 1) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) one(node);
  };
  new MutationObserver(changes => {
    for (const change of changes) change.type === 'childList' ? change.addedNodes.forEach(walk) : one(change.target);
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['placeholder', 'aria-label', 'aria-valuetext', 'title', 'alt', 'aria-roledescription'] });
  walk(document.documentElement);
})();
