"""How a draft looks as HTML, on a screen and on paper: the house's colours, letters and distances, without its logo."""

from typing import Final

_LETTERS: Final = (
    'font-family: Calibri, Carlito, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, "Noto Sans", sans-serif;'
)

STYLE: Final = f"""
html {{ color: #1a1a1a; background: #fff; {_LETTERS} font-size: 10.5pt; line-height: 1.3 }}
body {{ max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem }}
p, li, h1, h2, h3, td, th, caption, figcaption {{ white-space: break-spaces; overflow-wrap: break-word }}
header {{ display: flex; justify-content: space-between; gap: 2rem; padding-bottom: .5rem;
  border-bottom: 1pt solid #1F3864; color: #595959; font-size: 9.5pt }}
header p {{ margin: 0 }}
header p + p {{ text-align: right }}
header strong {{ color: #1F3864; font-size: 11pt }}
footer {{ margin-top: 2rem; color: #595959; font-size: 8.5pt }}
h1, h2, h3 {{ color: #1F3864; margin: 12pt 0 4pt; line-height: 1.2; break-after: avoid }}
h1 {{ font-size: 17pt }}
h2 {{ font-size: 12pt }}
h3 {{ font-size: 10.5pt }}
p {{ margin: 0 0 4pt; orphans: 2; widows: 2 }}
ul, ol {{ margin: 0 0 4pt; padding-left: 1.6em }}
table {{ width: 100%; margin: 2pt 0 10pt; border-collapse: collapse; font-size: 9.5pt;
  border-top: 1.5pt solid #1F3864; border-bottom: 1pt solid #1F3864 }}
caption {{ text-align: left; margin-bottom: 3pt; break-after: avoid }}
thead {{ display: table-header-group }}
thead tr {{ background: #E8ECF4; color: #1F3864 }}
tr {{ break-inside: avoid }}
th, td {{ padding: 2.5pt 4.25pt; text-align: left; vertical-align: top; border-bottom: .5pt solid #A9B7CC }}
thead th {{ border-bottom: 1pt solid #1F3864 }}
tbody th {{ font-weight: normal }}
th.number, td.number {{ text-align: right }}
tr.total th, tr.total td {{ font-weight: bold; border-top: 1pt solid #1F3864 }}
figure {{ margin: 4pt 0 10pt; font-size: 9.5pt; break-inside: avoid }}
figcaption {{ margin-bottom: 3pt }}
svg {{ display: block; width: 100%; max-width: 165mm }}
figure p {{ margin: 0; color: #595959 }}
.draft, .note {{ margin: 6pt 0; padding: 4pt 8pt; border: .5pt solid #E8CF7A; border-left: 4.5pt solid #C58A1C;
  background: #FFF6DC; break-inside: avoid }}
.draft p, .note p {{ margin: 0 }}
.draft ul, .note ul {{ margin: 2pt 0 0 }}
@media print {{
  @page {{ size: A4; margin: 18mm 20mm 22mm; @bottom-right {{ content: counter(page) " / " counter(pages);
    vertical-align: top; padding-top: 9mm; {_LETTERS} font-size: 8.5pt; color: #595959 }} }}
  html {{ -webkit-print-color-adjust: exact; print-color-adjust: exact }}
  body {{ max-width: none; margin: 0; padding: 0 }}
  footer {{ position: fixed; bottom: -13mm; left: 0; margin: 0; line-height: 1 }}
}}
"""
"""One style sheet; nothing in it comes from a report."""

PRINTED: Final = """
@page { margin: 34mm 20mm 22mm;
  @top-center { content: element(letterhead); width: 100% } }
header { position: running(letterhead); padding-top: 6mm }
h1 { margin-top: 8pt }
"""
"""For the printer of PDF files, after `STYLE`: the letterhead stands on every page."""
