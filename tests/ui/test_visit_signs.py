from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ui.visit_signs import draw_kind
from workstation.domain.round import VisitKind


def drawn(kind):
    image = QImage(28, 28, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_kind(painter, QRectF(0, 0, 28, 28), kind, QColor("black"))
    painter.end()
    return image


def test_each_kind_has_a_sign_of_its_own():
    images = [drawn(kind) for kind in VisitKind]
    blank = QImage(images[0].size(), images[0].format())
    blank.fill(Qt.GlobalColor.transparent)
    assert all(image != blank for image in images)
    assert len({bytes(image.constBits()) for image in images}) == len(VisitKind)
