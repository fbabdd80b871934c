/** The style of the page of the statistics: light and dark, on a screen, on a phone and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#fff,#0d1117);--text:light-dark(#1f2328,#f0f6fc);--quiet:light-dark(#59636e,#9198a1);
--line:light-dark(#d1d9e0,#3d444d);--raised:light-dark(#f6f8fa,#151b23);--bar:light-dark(#0969da,#58a6ff);--bad:light-dark(#a40e26,#ff9492)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:24px;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:22px;margin:0 0 4px}
h2{font-size:18px;margin:32px 0 8px}
p{margin:0 0 8px}
.quiet{color:var(--quiet)}
.bad{color:var(--bad);font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:8px;margin:12px 0;padding:0}
.figures div{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 12px}
.figures dt{color:var(--quiet);font-size:13px}
.figures dd{margin:0;font-size:20px;font-variant-numeric:tabular-nums}
.figures dd small{font-size:13px;color:var(--quiet)}
figure{margin:16px 0}
figcaption{color:var(--quiet);font-size:13px;margin-bottom:4px}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--quiet);font-size:11px}
.bar{fill:var(--bar)}
.bounced{fill:var(--bad)}
.grid{stroke:var(--line)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:13px;padding-bottom:4px}
th,td{text-align:right;padding:4px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child,th[scope=row]{text-align:left;font-weight:500}
thead th{color:var(--quiet);font-weight:500}
@media print{body{padding:0;max-width:none}tr{break-inside:avoid}}
`
