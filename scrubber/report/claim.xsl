<?xml version="1.0" encoding="UTF-8"?>
<!--
  The claims of a scrubber.tree/1 document (tree.xsd) as a person reads them: an HTML article a claim,
  its findings beside the lines they are about. Text of a claim comes out as text alone; the only
  addresses are those of the authorities, and only http and https.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="batch loop segment finding fix change before after"/>

  <!-- The id of the article; without it a claim is known by its ordinal in the file. -->
  <xsl:param name="anchor"/>
  <!-- How many findings of the claim are not in the document. -->
  <xsl:param name="more" select="0"/>

  <xsl:key name="findings" match="finding" use="@claim_index"/>
  <xsl:key name="apart" match="finding[not(ancestor::loop[@id='2400'])]" use="concat(@claim_index, '/', @line)"/>

  <xsl:template match="/batch">
    <xsl:apply-templates select="//loop[@id='2300']" mode="claim"/>
    <xsl:if test="not(//loop[@id='2300']) and //finding">
      <article class="card claim" data-item="">
        <xsl:call-template name="marks"><xsl:with-param name="findings" select="//finding"/></xsl:call-template>
        <h3>Outside the claims</h3>
        <p class="note"><xsl:value-of select="@file"/></p>
        <xsl:call-template name="findings"><xsl:with-param name="findings" select="//finding"/></xsl:call-template>
      </article>
    </xsl:if>
  </xsl:template>

  <xsl:template match="loop" mode="claim">
    <xsl:variable name="claim" select="segment[@id='CLM']"/>
    <xsl:variable name="findings" select="key('findings', @claim_index)"/>
    <xsl:variable name="lines" select="loop[@id='2400']"/>
    <article class="card claim" data-item="">
      <xsl:call-template name="marks"><xsl:with-param name="findings" select="$findings"/></xsl:call-template>
      <h3>Claim <span class="code"><xsl:value-of select="$claim/element[@n='01']"/></span></h3>
      <p class="note">
        <xsl:text>No. </xsl:text><xsl:value-of select="format-number(@claim_index, '#,##0')"/>
        <xsl:text> in </xsl:text><xsl:value-of select="/batch/@file"/>
        <xsl:for-each select="$findings[@isa13][1]">
          <xsl:text> · ISA13 </xsl:text><xsl:value-of select="@isa13"/>
          <xsl:text> · ST02 </xsl:text><xsl:value-of select="@st02"/>
        </xsl:for-each>
      </p>
      <xsl:call-template name="head"><xsl:with-param name="claim" select="$claim"/></xsl:call-template>
      <xsl:call-template name="findings">
        <xsl:with-param name="findings"
          select="$findings[not(ancestor::loop[@id='2400'])][not(@line = $lines/segment[@id='LX']/element[@n='01'])]"/>
      </xsl:call-template>
      <xsl:if test="$lines">
        <table class="stack lines">
          <caption>Service lines</caption>
          <thead>
            <tr>
              <th scope="col">Line</th><th scope="col">Service</th><th scope="col">Modifiers</th>
              <th scope="col" class="num">Units</th><th scope="col" class="num">Charge</th>
              <th scope="col">Place</th><th scope="col">Diagnoses</th><th scope="col">Date of service</th>
              <th scope="col">Drug</th>
            </tr>
          </thead>
          <xsl:apply-templates select="$lines" mode="line"/>
        </table>
      </xsl:if>
      <xsl:if test="$more &gt; 0">
        <p class="note"><xsl:value-of select="format-number($more, '#,##0')"/> more findings on this claim are not shown.</p>
      </xsl:if>
      <xsl:for-each select="/batch[count(//loop[@id='2300']) = 1]//left-out">
        <p class="note">Not shown: <xsl:value-of select="@what"/>.</p>
      </xsl:for-each>
    </article>
  </xsl:template>

  <!-- The id of an article, and what it can be narrowed down by. -->
  <xsl:template name="marks">
    <xsl:param name="findings"/>
    <xsl:attribute name="id">
      <xsl:choose>
        <xsl:when test="$anchor"><xsl:value-of select="$anchor"/></xsl:when>
        <xsl:otherwise>claim-<xsl:value-of select="@claim_index"/></xsl:otherwise>
      </xsl:choose>
    </xsl:attribute>
    <xsl:attribute name="data-severity">
      <xsl:for-each select="$findings[@outcome='fail']"><xsl:value-of select="concat(@severity, ' ')"/></xsl:for-each>
    </xsl:attribute>
    <xsl:attribute name="data-rule">
      <xsl:for-each select="$findings"><xsl:value-of select="concat(@rule, ' ')"/></xsl:for-each>
    </xsl:attribute>
  </xsl:template>

  <!-- Payer, providers, patient, dates, charge and diagnoses. -->
  <xsl:template name="head">
    <xsl:param name="claim"/>
    <xsl:variable name="billing" select="ancestor::loop[@id='2000A'][1]"/>
    <xsl:variable name="subscriber" select="ancestor::loop[@id='2000B'][1]"/>
    <xsl:variable name="patient" select="ancestor::loop[@id='2000C'][1]/loop[@id='2010CA']"/>
    <dl class="facts">
      <xsl:for-each select="$subscriber/loop[@id='2010BB']/segment[@id='NM1'][1]">
        <dt>Payer</dt>
        <dd>
          <xsl:call-template name="party"><xsl:with-param name="id" select="'id'"/></xsl:call-template>
          <xsl:for-each select="$subscriber/segment[@id='SBR']/element[@n='09'][string(.)]">
            <xsl:text>, filing </xsl:text><xsl:value-of select="."/>
          </xsl:for-each>
        </dd>
      </xsl:for-each>
      <xsl:for-each select="$billing/loop[@id='2010AA']/segment[@id='NM1'][1]">
        <dt>Billing provider</dt><dd><xsl:call-template name="party"/></dd>
      </xsl:for-each>
      <xsl:for-each select="loop[@id='2310B']/segment[@id='NM1'][1]">
        <dt>Rendering provider</dt><dd><xsl:call-template name="party"/></dd>
      </xsl:for-each>
      <xsl:for-each select="($subscriber/loop[@id='2010BA'][not($patient)] | $patient)/segment[@id='NM1'][1]">
        <xsl:if test="not(element/@masked)">
          <dt>Patient</dt>
          <dd>
            <xsl:call-template name="party"><xsl:with-param name="id" select="'member id'"/></xsl:call-template>
            <xsl:for-each select="../segment[@id='DMG'][1]/element[@n='02']">
              <xsl:text>, born </xsl:text><xsl:call-template name="day"/>
            </xsl:for-each>
          </dd>
        </xsl:if>
      </xsl:for-each>
      <dt>Charge</dt>
      <dd><xsl:for-each select="$claim/element[@n='02']"><xsl:call-template name="money"/></xsl:for-each></dd>
      <dt>Dates of service</dt>
      <dd><xsl:call-template name="days"/></dd>
      <dt>Place, frequency</dt>
      <dd>
        <xsl:value-of select="$claim/element[@n='05']/component[@n='1']"/>
        <xsl:text>, </xsl:text>
        <xsl:value-of select="$claim/element[@n='05']/component[@n='3']"/>
      </dd>
      <xsl:variable name="diagnoses" select="segment[@id='HI']/element[component[@n='1'][.='ABK' or .='ABF' or .='BK' or .='BF']]"/>
      <xsl:if test="$diagnoses">
        <dt>Diagnoses</dt>
        <dd>
          <xsl:for-each select="$diagnoses">
            <xsl:if test="position() &gt; 1"><xsl:text>, </xsl:text></xsl:if>
            <xsl:value-of select="position()"/><xsl:text> </xsl:text>
            <span class="code"><xsl:apply-templates select="component[@n='2']" mode="diagnosis"/></span>
          </xsl:for-each>
        </dd>
      </xsl:if>
    </dl>
  </xsl:template>

  <!-- An NM1: the name unless it is hidden, and the number. -->
  <xsl:template name="party">
    <xsl:param name="id" select="'NPI'"/>
    <xsl:choose>
      <xsl:when test="element[@n='03']/@masked">(name hidden)</xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="element[@n='03']"/>
        <xsl:if test="string(element[@n='04'])">, <xsl:value-of select="element[@n='04']"/></xsl:if>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="string(element[@n='09']) and not(element[@n='09']/@masked)">
      <xsl:text>, </xsl:text><xsl:value-of select="$id"/><xsl:text> </xsl:text>
      <span class="code"><xsl:value-of select="element[@n='09']"/></span>
    </xsl:if>
  </xsl:template>

  <!-- The first and the last day of the lines. -->
  <xsl:template name="days">
    <xsl:variable name="dated" select="loop[@id='2400']/segment[@id='DTP'][element[@n='01']='472'][1]/element[@n='03']"/>
    <xsl:variable name="first">
      <xsl:for-each select="$dated"><xsl:sort select="substring(., 1, 8)"/><xsl:if test="position()=1"><xsl:value-of select="substring(., 1, 8)"/></xsl:if></xsl:for-each>
    </xsl:variable>
    <xsl:variable name="last">
      <xsl:for-each select="$dated"><xsl:sort select="substring(., string-length(.) - 7)" order="descending"/><xsl:if test="position()=1"><xsl:value-of select="substring(., string-length(.) - 7)"/></xsl:if></xsl:for-each>
    </xsl:variable>
    <xsl:call-template name="day"><xsl:with-param name="text" select="string($first)"/></xsl:call-template>
    <xsl:if test="string($last) != string($first)">
      <xsl:text> to </xsl:text>
      <xsl:call-template name="day"><xsl:with-param name="text" select="string($last)"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="loop" mode="line">
    <xsl:variable name="line" select="segment[@id='LX'][1]/element[@n='01']"/>
    <xsl:variable name="service" select="segment[@id='SV1'][1]"/>
    <xsl:variable name="claim" select=".."/>
    <!-- Findings that stand elsewhere but are about this line; of lines with one number the first has them. -->
    <xsl:variable name="apart"
      select="key('apart', concat(../@claim_index, '/', $line))[not(current()/preceding-sibling::loop[@id='2400'][segment[@id='LX']/element[@n='01'] = $line])]"/>
    <xsl:variable name="findings" select=".//finding | $apart[$line]"/>
    <tbody>
      <tr>
        <xsl:if test="$findings"><xsl:attribute name="class">told</xsl:attribute></xsl:if>
        <th scope="row" data-label="Line"><xsl:value-of select="$line"/></th>
        <td data-label="Service" class="code"><xsl:value-of select="$service/element[@n='01']/component[@n='2']"/></td>
        <td data-label="Modifiers" class="code">
          <xsl:for-each select="$service/element[@n='01']/component[@n &gt; 2 and @n &lt; 7][string(.)]">
            <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="."/>
          </xsl:for-each>
        </td>
        <td data-label="Units" class="num">
          <xsl:value-of select="$service/element[@n='04']"/><xsl:text> </xsl:text><xsl:value-of select="$service/element[@n='03']"/>
        </td>
        <td data-label="Charge" class="num"><xsl:for-each select="$service/element[@n='02']"><xsl:call-template name="money"/></xsl:for-each></td>
        <td data-label="Place">
          <xsl:variable name="place" select="$service/element[@n='05'][string(.)]"/>
          <xsl:value-of select="$place"/>
          <xsl:if test="not($place)"><xsl:value-of select="../segment[@id='CLM']/element[@n='05']/component[@n='1']"/></xsl:if>
        </td>
        <td data-label="Diagnoses">
          <xsl:for-each select="$service/element[@n='07'][not(component)] | $service/element[@n='07']/component">
            <xsl:variable name="pointer" select="number(.)"/>
            <xsl:if test="position() &gt; 1"><xsl:text>, </xsl:text></xsl:if>
            <xsl:value-of select="."/><xsl:text> </xsl:text>
            <span class="code">
              <xsl:apply-templates mode="diagnosis" select="($claim/segment[@id='HI']/element[component[@n='1'][.='ABK' or .='ABF' or .='BK' or .='BF']])[position() = $pointer]/component[@n='2']"/>
            </span>
          </xsl:for-each>
        </td>
        <td data-label="Date of service">
          <xsl:for-each select="segment[@id='DTP'][element[@n='01']='472'][1]/element[@n='03']"><xsl:call-template name="day"/></xsl:for-each>
        </td>
        <td data-label="Drug">
          <xsl:for-each select="loop[@id='2410'][1]">
            <span class="code"><xsl:value-of select="segment[@id='LIN']/element[@n='03']"/></span>
            <xsl:for-each select="segment[@id='CTP'][1]">
              <xsl:text>, </xsl:text><xsl:value-of select="element[@n='04']"/>
              <xsl:text> </xsl:text><xsl:value-of select="element[@n='05']"/>
            </xsl:for-each>
          </xsl:for-each>
        </td>
      </tr>
      <xsl:if test="$findings">
        <tr class="findings">
          <td colspan="9"><xsl:call-template name="findings"><xsl:with-param name="findings" select="$findings"/></xsl:call-template></td>
        </tr>
      </xsl:if>
    </tbody>
  </xsl:template>

  <!-- Faults first, the worst of them first. -->
  <xsl:template name="findings">
    <xsl:param name="findings"/>
    <xsl:apply-templates select="$findings">
      <xsl:sort data-type="number" order="descending"
        select="number(@outcome='fail') * 4 + number(@severity='reject') * 2 + number(@severity='deny')"/>
    </xsl:apply-templates>
  </xsl:template>

  <xsl:template match="finding">
    <xsl:variable name="word">
      <xsl:choose>
        <xsl:when test="@outcome='fail'"><xsl:value-of select="@severity"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="translate(@outcome, '_', ' ')"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <div class="finding {$word}">
      <p class="rule">
        <span class="badge {$word}"><xsl:value-of select="$word"/></span><xsl:text> </xsl:text>
        <strong class="code"><xsl:value-of select="@rule"/></strong><xsl:text> </xsl:text>
        <xsl:value-of select="@name"/>
        <span class="note">
          <xsl:text> at </xsl:text><span class="code"><xsl:value-of select="@place"/></span>
          <xsl:if test="@dollars &gt; 0">
            <xsl:text>, </xsl:text>
            <xsl:call-template name="money"><xsl:with-param name="text" select="@dollars"/></xsl:call-template>
            <xsl:text> at stake</xsl:text>
          </xsl:if>
        </span>
      </p>
      <p class="says"><xsl:value-of select="message"/></p>
      <xsl:apply-templates select="fix"/>
      <xsl:if test="expected">
        <p class="note">
          <xsl:text>Expect: </xsl:text>
          <xsl:for-each select="expected">
            <xsl:if test="position() &gt; 1"><xsl:text>, </xsl:text></xsl:if>
            <xsl:choose>
              <xsl:when test="starts-with(@kind, 'ik')">999 <xsl:value-of select="translate(@kind, 'ik', 'IK')"/></xsl:when>
              <xsl:otherwise><xsl:value-of select="translate(@kind, 'acr', 'ACR')"/></xsl:otherwise>
            </xsl:choose>
            <xsl:text> </xsl:text><xsl:value-of select="."/>
          </xsl:for-each>
        </p>
      </xsl:if>
      <xsl:if test="citation">
        <p class="note">See: <xsl:apply-templates select="citation[1]"/></p>
      </xsl:if>
      <xsl:if test="citation[2] or table">
        <details>
          <summary>More on <xsl:value-of select="@rule"/></summary>
          <ul>
            <xsl:for-each select="citation[position() &gt; 1]"><li><xsl:apply-templates select="."/></li></xsl:for-each>
            <xsl:for-each select="table"><li>Table <xsl:value-of select="@name"/> of <xsl:value-of select="@vintage"/></li></xsl:for-each>
          </ul>
        </details>
      </xsl:if>
    </div>
  </xsl:template>

  <xsl:template match="citation">
    <xsl:choose>
      <xsl:when test="starts-with(@url, 'https://') or starts-with(@url, 'http://')">
        <a href="{@url}" rel="noopener noreferrer"><xsl:value-of select="."/></a>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="@section">, <xsl:value-of select="@section"/></xsl:if>
    <xsl:if test="@checked_on"> (read <xsl:value-of select="@checked_on"/>)</xsl:if>
  </xsl:template>

  <xsl:template match="fix">
    <div class="fix">
      <p>
        <strong>Fix: </strong><xsl:value-of select="@title"/>
        <span class="note">
          <xsl:choose>
            <xsl:when test="@safety='format'"> (scrubber rewrite does it)</xsl:when>
            <xsl:otherwise> (it changes what is billed: a person must approve it by name)</xsl:otherwise>
          </xsl:choose>
        </span>
      </p>
      <xsl:for-each select="change">
        <dl class="change">
          <xsl:for-each select="before | after">
            <dt><xsl:value-of select="translate(substring(local-name(), 1, 1), 'ba', 'BA')"/><xsl:value-of select="substring(local-name(), 2)"/></dt>
            <dd>
              <xsl:if test="not(segment)"><span class="note">nothing</span></xsl:if>
              <xsl:apply-templates select="segment" mode="side"/>
            </dd>
          </xsl:for-each>
        </dl>
      </xsl:for-each>
    </div>
  </xsl:template>

  <!-- A segment of one side of a change; what the other side has not is marked. -->
  <xsl:template match="segment" mode="side">
    <xsl:variable name="mine" select=".."/>
    <xsl:variable name="theirs" select="../../*[local-name() != local-name($mine)]"/>
    <xsl:variable name="n" select="position()"/>
    <xsl:variable name="pair" select="$theirs/segment[position() = $n][count($mine/segment) = count($theirs/segment)]"/>
    <div class="code">
      <xsl:choose>
        <xsl:when test="$pair">
          <xsl:call-template name="id"><xsl:with-param name="other" select="string($pair/@id)"/></xsl:call-template>
          <xsl:apply-templates select="element" mode="side"><xsl:with-param name="pair" select="$pair"/></xsl:apply-templates>
        </xsl:when>
        <xsl:when test="$theirs/segment[@id = current()/@id][string(.) = string(current())]">
          <xsl:value-of select="@id"/><xsl:apply-templates select="element" mode="plain"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="marked">
            <xsl:with-param name="text"><xsl:value-of select="@id"/><xsl:apply-templates select="element" mode="plain"/></xsl:with-param>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </div>
  </xsl:template>

  <xsl:template name="id">
    <xsl:param name="other"/>
    <xsl:choose>
      <xsl:when test="@id = $other"><xsl:value-of select="@id"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="marked"><xsl:with-param name="text" select="string(@id)"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="element" mode="side">
    <xsl:param name="pair"/>
    <xsl:variable name="other" select="$pair/element[@n = current()/@n]"/>
    <xsl:text>*</xsl:text>
    <xsl:choose>
      <xsl:when test="component and $other/component">
        <xsl:for-each select="component">
          <xsl:if test="position() &gt; 1">:</xsl:if>
          <xsl:call-template name="compared"><xsl:with-param name="other" select="$other/component[@n = current()/@n]"/></xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="compared"><xsl:with-param name="other" select="$other"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="compared">
    <xsl:param name="other"/>
    <xsl:variable name="text"><xsl:apply-templates select="." mode="value"/></xsl:variable>
    <xsl:variable name="theirs"><xsl:apply-templates select="$other" mode="value"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="string($text) = string($theirs)"><xsl:value-of select="$text"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="marked"><xsl:with-param name="text" select="string($text)"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="element" mode="plain">*<xsl:apply-templates select="." mode="value"/></xsl:template>

  <xsl:template match="element" mode="value">
    <xsl:choose>
      <xsl:when test="component">
        <xsl:for-each select="component"><xsl:if test="position() &gt; 1">:</xsl:if><xsl:value-of select="."/></xsl:for-each>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="component" mode="value"><xsl:value-of select="."/></xsl:template>

  <xsl:template name="marked">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="not(string($text))"/>
      <xsl:when test="ancestor::before"><del><xsl:value-of select="$text"/></del></xsl:when>
      <xsl:otherwise><ins><xsl:value-of select="$text"/></ins></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ICD-10-CM with its point, which is not sent. -->
  <xsl:template match="component" mode="diagnosis">
    <xsl:choose>
      <xsl:when test="string-length(.) &gt; 3 and not(contains(., '.')) and not(@masked)">
        <xsl:value-of select="substring(., 1, 3)"/>.<xsl:value-of select="substring(., 4)"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- CCYYMMDD, or two of them, as ISO 8601 dates; what is none as it is. -->
  <xsl:template name="day">
    <xsl:param name="text" select="string(.)"/>
    <xsl:choose>
      <xsl:when test="string-length($text) = 8 and not(translate($text, '0123456789', ''))">
        <xsl:value-of select="concat(substring($text, 1, 4), '-', substring($text, 5, 2), '-', substring($text, 7))"/>
      </xsl:when>
      <xsl:when test="string-length($text) = 17 and substring($text, 9, 1) = '-'">
        <xsl:call-template name="day"><xsl:with-param name="text" select="substring($text, 1, 8)"/></xsl:call-template>
        <xsl:text> to </xsl:text>
        <xsl:call-template name="day"><xsl:with-param name="text" select="substring($text, 10)"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="money">
    <xsl:param name="text" select="string(.)"/>
    <xsl:choose>
      <xsl:when test="number($text) = number($text)">$<xsl:value-of select="format-number($text, '#,##0.00')"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
